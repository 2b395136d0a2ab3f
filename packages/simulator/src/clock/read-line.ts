import { line, type Line } from '@catalyst/domain';

/** A line that a clock does not take; the message says why. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

/** The line that a request or a message brings; throws `LineError`. */
export const readLine = (body: unknown): Line => {
  const parsed = line.safeParse(body);
  if (!parsed.success)
    throw new LineError(
      `expected {"w0": milliseconds of the wall, "s0": simulated milliseconds, "f": a speed above 0}, was ${(JSON.stringify(body) ?? 'nothing').slice(0, 80)}`,
    );
  return parsed.data;
};
