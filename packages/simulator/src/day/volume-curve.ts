/** Minutes since midnight in New York. Generated days hold trades from 04:00 to half an hour after the close. */
export const FIRST_MINUTE = 240;
export const OPEN_MINUTE = 570;
/** Minutes of a full regular session, 09:30 to 16:00. */
export const FULL_SESSION_MINUTES = 390;

/** When a session's regular hours end, and when its last trades happen; minutes since midnight in New York, both exclusive. */
export interface SessionEnd {
  close_minute: number;
  end_minute: number;
}

/** The end of a session that closes at `clock`, New York time: 16:00, or 13:00 on the day after Thanksgiving and the like. */
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

/** Regular hours: high at the open, low at noon, rising to the close with its auction in the last minute (Admati and Pfleiderer describe the shape). */
const regularWeight = (minute: number, close: number): number => {
  const sinceOpen = minute - OPEN_MINUTE;
  const beforeClose = close - 1 - minute;
  const auction = beforeClose === 0 ? 14 : sinceOpen === 0 ? 5 : 0;
  return 0.62 + 2.7 / (1 + sinceOpen / 11) + 1.9 / (1 + beforeClose / 14) + auction;
};

/** Pre-market: a few trades at 04:00, more from 07:00 when most brokers open, most in the last half hour. */
const preMarketWeight = (minute: number): number => {
  const toOpen = OPEN_MINUTE - minute;
  const late = 3.2 / (1 + toOpen / 24);
  return 0.12 + (minute < 250 ? 0.5 : 0) + (minute >= 420 ? 0.35 : 0) + (minute >= 480 ? 0.35 : 0) + late;
};

const afterHoursWeight = (minute: number, close: number): number => 0.2 + 6 / (1 + (minute - close) * 1.6);

const total = (weights: readonly number[]): number => weights.reduce((sum, weight) => sum + weight, 0);

/** Share of the session's volume by minute since midnight (1,440 numbers, sum 1), smooth. */
export const volumeCurve = (extended: ExtendedShare, { close_minute: close, end_minute: end }: SessionEnd = FULL_SESSION): number[] => {
  const curve = new Array<number>(1440).fill(0);
  const fill = (from: number, to: number, share: number, weight: (minute: number) => number): void => {
    const weights = Array.from({ length: to - from }, (_, index) => weight(from + index));
    const sum = total(weights);
    weights.forEach((value, index) => (curve[from + index] = (value / sum) * share));
  };
  fill(FIRST_MINUTE, OPEN_MINUTE, extended.pre_market, preMarketWeight);
  fill(OPEN_MINUTE, close, 1 - extended.pre_market - extended.after_hours, (minute) => regularWeight(minute, close));
  fill(close, end, extended.after_hours, (minute) => afterHoursWeight(minute, close));
  return curve;
};
