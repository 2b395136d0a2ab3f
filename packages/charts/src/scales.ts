const MINUTE = 60_000;

/** Round values across a range: 1, 2, 2.5 or 5 times a power of ten apart, never under a tick. */
export const priceTicks = (low: number, high: number, wanted: number): number[] => {
  const tick = high < 1 ? 0.0001 : 0.01;
  const rough = Math.max((high - low) / wanted, tick);
  const power = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  const step = [1, 2, 2.5, 5, 10]
    .map((factor) => factor * power)
    .find((candidate) => candidate >= rough * (1 - 1e-9) && isWhole(candidate / tick))!;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from(
    { length: Math.max(0, Math.floor(high / step + 1e-9) - first + 1) },
    (_, index) => (first + index) * step,
  );
};
const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;

/** Round minutes of the clock across a span of instants. */
export const timeTicks = (from: number, to: number, wanted: number): number[] => {
  const rough = (to - from) / Math.max(1, wanted);
  const step =
    ([5, 10, 15, 30, 60, 120, 240].find((minutes) => minutes * MINUTE >= rough) ?? 480) * MINUTE;
  const first = Math.ceil(from / step);
  return Array.from(
    { length: Math.floor(to / step) - first + 1 },
    (_, index) => (first + index) * step,
  );
};

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'America/New_York',
  hour: '2-digit',
  minute: '2-digit',
});
/** 09:35, in New York. */
export const clockTime = (at: number): string => CLOCK.format(at);

export const price = (value: number): string => value.toFixed(value < 1 ? 4 : 2);

interface Placed {
  y: number;
}
/** Moves labels apart until none covers another, in their order, within bounds. */
export const spread = <T extends Placed>(
  labels: readonly T[],
  apart: number,
  top: number,
  bottom: number,
): T[] => {
  const placed = labels.toSorted((left, right) => left.y - right.y).map((label) => ({ ...label }));
  for (const [index, label] of placed.entries())
    label.y = Math.max(label.y, index === 0 ? top : placed[index - 1]!.y + apart);
  for (let index = placed.length - 1; index >= 0; index -= 1)
    placed[index]!.y = Math.min(
      placed[index]!.y,
      index === placed.length - 1 ? bottom : placed[index + 1]!.y - apart,
    );
  return placed;
};
