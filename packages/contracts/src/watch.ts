import { decimalString, instant, symbol } from '@catalyst/domain';
import { z } from 'zod';
import { route } from './route.ts';
import { givenName } from './said-by.ts';

/** What somebody wants to be told of: it is looked at each minute of a session, and never trades. */
export const watch = z.object({
  watch_id: z.uuid(),
  /** Who asked for it, as the audit names them. */
  asked_by: z.string(),
  /** `price`: of a stock; `day_pnl`: the day's result in dollars. */
  kind: z.enum(['price', 'day_pnl']),
  symbol: symbol.nullable(),
  direction: z.enum(['at_or_above', 'at_or_below']),
  level: decimalString,
  note: z.string(),
  /** Whether a mail tells it too. */
  by_mail: z.boolean(),
  state: z.enum(['waiting', 'met', 'expired', 'removed']),
  created_at: instant,
  expires_at: instant,
  met_at: instant.nullable(),
  /** What was read when it was met. */
  met_value: decimalString.nullable(),
});
export type Watch = z.infer<typeof watch>;

/** Watches of one asker that wait at most. */
export const MOST_WATCHES = 20;
const LONGEST_HOURS = 31 * 24;

export const watchRoutes = {
  setWatch: route('POST', '/api/v1/watches', {
    summary:
      'Keeps what somebody wants to be told of: a price of a stock, or the result of the day.',
    body: z.strictObject({
      kind: watch.shape.kind,
      symbol: symbol.optional(),
      /** Found from where the price, or the result, is now. */
      direction: watch.shape.direction.optional(),
      level: decimalString,
      note: z.string().trim().max(200).default(''),
      by_mail: z.boolean().default(false),
      lifetime_hours: z.int().min(1).max(LONGEST_HOURS).default(24),
      by: givenName,
      request_id: z.uuid(),
    }),
    response: watch,
    repeatable: true,
  }),
  listWatches: route('GET', '/api/v1/watches', {
    summary: 'Watches, newest first: those that wait, or the last hundred of all.',
    query: z.strictObject({ state: z.enum(['waiting', 'all']).default('waiting') }),
    response: z.object({ watches: z.array(watch) }),
  }),
  removeWatch: route('POST', '/api/v1/watches/:watch_id/remove', {
    summary: 'Takes a watch away.',
    params: z.object({ watch_id: z.uuid() }),
    body: z.strictObject({ by: givenName }),
    response: watch,
    repeatable: true,
  }),
};
