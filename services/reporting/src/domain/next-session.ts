const FORMAT = new Intl.DateTimeFormat('en-US', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/**
 * The next trading day in words: "Wednesday, March 11, 2026, 09:30 to 16:00 New York"; an early
 * close is said.
 */
export const describeSession = ({
  trade_date,
  open,
  close,
}: {
  trade_date: string;
  open: string;
  close: string;
}): string =>
  `${FORMAT.format(Date.parse(`${trade_date}T00:00:00Z`))}, ${open} to ${close} New York${close < '16:00' ? ' (early close)' : ''}`;
