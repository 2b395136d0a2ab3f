import { decimalString, ownExitOf, type DecimalString } from '@catalyst/domain';
import { UsageError } from './exit-codes.ts';

export interface ExitOptions {
  limit?: string;
  stop?: string;
  stopLimit?: string;
  trail?: string;
}

const read = (option: string, text: string | undefined): DecimalString | undefined => {
  if (text === undefined) return undefined;
  if (!decimalString.safeParse(text).success || !(Number(text) > 0))
    throw new UsageError(`expected ${option} as a price such as 12.34, was ${text}`);
  return text;
};

/**
 * What somebody asks for beside "at market": an exit that waits, or the move of the stop alone; null
 * for none.
 * @throws UsageError for options that contradict each other, or are no price
 */
export const readOwnExit = ({ limit, stop, stopLimit, trail }: ExitOptions) => {
  const isPercent = trail?.endsWith('%') === true;
  const asked = ownExitOf({
    limit_price: read('--limit', limit),
    stop_price: read('--stop', stop),
    stop_limit_price: read('--stop-limit', stopLimit),
    trail_percent: read('--trail', isPercent ? trail!.slice(0, -1) : undefined),
    trail_price: read('--trail', isPercent ? undefined : trail),
  });
  if (asked?.kind === 'contradiction')
    throw new UsageError(`${asked.why} (--limit, --stop, --stop-limit, --trail)`);
  return asked;
};
