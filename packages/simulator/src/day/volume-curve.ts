/**
 * Minutes since midnight in New York. Generated days hold trades from 04:00 to half an hour after
 * the close.
 */
export const FIRST_MINUTE = 240;
export const OPEN_MINUTE = 570;
/** Minutes of a full regular session, 09:30 to 16:00. */
export const FULL_SESSION_MINUTES = 390;

/**
 * When a session's regular hours end, and when its last trades happen; minutes since midnight in
 * New York, both exclusive.
 */
export interface SessionEnd {
  close_minute: number;
  end_minute: number;
}

/**
 * The end of a session that closes at `clock`, New York time: 16:00, or 13:00 on the day after
 * Thanksgiving and the like.
 */
export const sessionEnd = (clock: string): SessionEnd => {
  const close = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
  return { close_minute: close, end_minute: close + 30 };
};
const FULL_SESSION = sessionEnd('16:00');

/** How much of a session's volume trades outside regular hours; active stocks trade more of it. */
export interface ExtendedShare {
  pre_market: number;
  after_hours: number;
}

const total = (weights: readonly number[]): number =>
  weights.reduce((sum, weight) => sum + weight, 0);

/**
 * Shares of the volume of regular hours that the two auctions trade. The closing auctions had 7.5 %
 * of the daily volume in 2018 (Bogousslavsky and Muravyev, "Who trades at the close?", Journal of
 * Financial Markets 2023); the opening ones are several times smaller.
 */
const OPENING_AUCTION_SHARE = 0.013;
const CLOSING_AUCTION_SHARE = 0.075;

/**
 * Continuous trading in regular hours: high at the open, low at noon, rising to the close (Admati
 * and Pfleiderer describe the shape).
 */
const regularWeight = (minute: number, close: number): number => {
  const sinceOpen = minute - OPEN_MINUTE;
  const beforeClose = close - 1 - minute;
  return 0.62 + 2.7 / (1 + sinceOpen / 11) + 1.9 / (1 + beforeClose / 14);
};

/**
 * Share of the volume of regular hours by minute from the open, the auctions in the first and the
 * last.
 */
const regularShares = (close: number): number[] => {
  const weights = Array.from({ length: close - OPEN_MINUTE }, (_, index) =>
    regularWeight(OPEN_MINUTE + index, close),
  );
  const scale = (1 - OPENING_AUCTION_SHARE - CLOSING_AUCTION_SHARE) / total(weights);
  const auction = (index: number): number =>
    index === 0 ? OPENING_AUCTION_SHARE : index === weights.length - 1 ? CLOSING_AUCTION_SHARE : 0;
  return weights.map((weight, index) => weight * scale + auction(index));
};

/**
 * How much of the usual volume of the first and of the last minute of regular hours is the
 * auction's.
 */
export const auctionParts = ({
  close_minute: close,
}: SessionEnd): { open: number; close: number } => {
  const shares = regularShares(close);
  return {
    open: OPENING_AUCTION_SHARE / (shares[0] ?? 1),
    close: CLOSING_AUCTION_SHARE / (shares.at(-1) ?? 1),
  };
};

/**
 * Pre-market: a few trades at 04:00, more from 07:00 when most brokers open, most in the last half
 * hour.
 */
const preMarketWeight = (minute: number): number => {
  const toOpen = OPEN_MINUTE - minute;
  const late = 3.2 / (1 + toOpen / 24);
  return (
    0.12 + (minute < 250 ? 0.5 : 0) + (minute >= 420 ? 0.35 : 0) + (minute >= 480 ? 0.35 : 0) + late
  );
};

const afterHoursWeight = (minute: number, close: number): number =>
  0.2 + 6 / (1 + (minute - close) * 1.6);

/** Share of the session's volume by minute since midnight (1,440 numbers, sum 1), smooth. */
export const volumeCurve = (
  extended: ExtendedShare,
  { close_minute: close, end_minute: end }: SessionEnd = FULL_SESSION,
): number[] => {
  const curve = new Array<number>(1440).fill(0);
  const fill = (
    from: number,
    to: number,
    share: number,
    weight: (minute: number) => number,
  ): void => {
    const weights = Array.from({ length: to - from }, (_, index) => weight(from + index));
    const sum = total(weights);
    weights.forEach((value, index) => (curve[from + index] = (value / sum) * share));
  };
  fill(FIRST_MINUTE, OPEN_MINUTE, extended.pre_market, preMarketWeight);
  const regular = regularShares(close);
  fill(
    OPEN_MINUTE,
    close,
    1 - extended.pre_market - extended.after_hours,
    (minute) => regular[minute - OPEN_MINUTE] ?? 0,
  );
  fill(close, end, extended.after_hours, (minute) => afterHoursWeight(minute, close));
  return curve;
};
