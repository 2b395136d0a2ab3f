import type { Quote } from '@catalyst/contracts';
import { fromTimeId, later, sessionAt, type Instant, type TradingHours } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';

const MINUTE_MS = 60_000;
/** Somebody asks for it now. */
const ASKED_WITHIN_MS = 2 * MINUTE_MS;
/** The market is never silent for so long in its session: the vendor is. */
const SILENT_MS = 5 * MINUTE_MS;

interface Seen {
  asked_at: Instant | null;
  /** Since when it has been asked for without a pause longer than that. */
  asked_since: Instant | null;
  at: Instant | null;
}

/**
 * When the last bar ended and the last quote was made, of any stock. Judged in the session alone,
 * and while somebody asks.
 */
export const createLastSeen = (clock: Pick<Clock, 'latest'>) => {
  const seen: Record<'bar' | 'quote', Seen> = {
    bar: { asked_at: null, asked_since: null, at: null },
    quote: { asked_at: null, asked_since: null, at: null },
  };
  let hours: TradingHours | null = null;

  const note = (of: Seen, times: readonly Instant[]): void => {
    const now = clock.latest();
    if (of.asked_at === null || later(of.asked_at, ASKED_WITHIN_MS) < now) of.asked_since = now;
    of.asked_at = now;
    for (const at of times) if (of.at === null || at > of.at) of.at = at;
  };
  const silence = (what: string, { asked_at, asked_since, at }: Seen): string[] => {
    const now = clock.latest();
    if (hours === null || sessionAt(hours, now) !== 'regular') return [];
    if (asked_at === null || later(asked_at, ASKED_WITHIN_MS) < now) return [];
    const since = [hours.open_at, asked_since!, at ?? hours.open_at].sort().at(-1)!;
    return later(since, SILENT_MS) < now
      ? [`no ${what} has come since ${at ?? 'the start'}, though it is asked for`]
      : [];
  };
  return {
    noteDay: (day: TradingHours): void => void (hours = day),
    noteBars: (bars: readonly { time_id: number }[]): void =>
      note(
        seen.bar,
        bars.map(({ time_id }) => fromTimeId(time_id + 1)),
      ),
    noteQuotes: (quotes: readonly Pick<Quote, 'quoted_at'>[]): void =>
      note(
        seen.quote,
        quotes.map(({ quoted_at }) => quoted_at),
      ),
    latest: () => ({ last_bar: seen.bar.at, last_quote: seen.quote.at }),
    notes: (): string[] => [...silence('bar', seen.bar), ...silence('quote', seen.quote)],
  };
};
