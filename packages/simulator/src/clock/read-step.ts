import { MINUTE_MS, MINUTES_PER_DAY, type TradingTime } from '../market/trading-time.ts';

/** A step that cannot be read; the message says what is expected. */
export class StepError extends Error {
  override readonly name = 'StepError';
}

const EXPECTED =
  'expected {"to": "2026-03-24T13:31:00Z"}, {"to": "09:31"} (New York time) or {"minutes": 1}';
/** RFC 3339, with an offset. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i;
const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

const wrong = (was: string): StepError => new StepError(`${EXPECTED}, ${was}`);
const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80);

/**
 * The instant (milliseconds) to which a step's body asks to move; throws `StepError`. `minutes`
 * count from `now`, a clock time is one of the trade date.
 */
export const readStep = (body: unknown, now: number, time: TradingTime): number => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw wrong(`was ${shown(body)}`);
  const [field, ...others] = Object.keys(body);
  if (field === undefined || others.length > 0 || (field !== 'to' && field !== 'minutes'))
    throw wrong(`was ${shown(body)}`);
  const value: unknown = (body as Record<string, unknown>)[field];
  if (field === 'minutes') {
    const minutes = typeof value === 'number' && Number.isInteger(value) ? value : 0;
    if (minutes < 1 || minutes > MINUTES_PER_DAY)
      throw new StepError(
        `minutes: expected a whole number from 1 to ${MINUTES_PER_DAY}, was ${shown(value)}`,
      );
    return now + minutes * MINUTE_MS;
  }
  const text = typeof value === 'string' ? value : '';
  if (CLOCK_TIME.test(text)) return time.at(text);
  const instant = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant))
    throw new StepError(
      `to: expected an instant such as 2026-03-24T13:31:00Z, or hh:mm in New York, was ${shown(value)}`,
    );
  return instant;
};
