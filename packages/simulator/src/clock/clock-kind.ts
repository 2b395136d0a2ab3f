/**
 * How the simulated clock moves: when told (`stepped`), by itself at `speed` simulated seconds a
 * second, or along a line that is given to it.
 */
export type ClockKind =
  { kind: 'stepped' } | { kind: 'running'; name: string; speed: number } | { kind: 'line' };

const FASTEST = 10_000;

/**
 * Reads `stepped`, `real`, `line` or `scaled:N`, where N is above 0 and at most 10,000; anything
 * else is a RangeError that says what is expected.
 */
export const readClockKind = (text: string): ClockKind => {
  if (text === 'stepped' || text === 'line') return { kind: text };
  if (text === 'real') return { kind: 'running', name: text, speed: 1 };
  const speed = /^scaled:\d+(\.\d+)?$/.test(text)
    ? Number(text.slice('scaled:'.length))
    : Number.NaN;
  if (!(speed > 0 && speed <= FASTEST))
    throw new RangeError(
      `expected stepped, real, line or scaled:N with N above 0 and at most ${FASTEST}, such as scaled:60; was ${text}`,
    );
  return { kind: 'running', name: text, speed };
};
