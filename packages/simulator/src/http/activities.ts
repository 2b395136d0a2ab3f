import type { Account, Activity } from '../exchange/account.ts';
import { beyondMilliseconds, toNanoseconds } from '../nanoseconds.ts';
import {
  InvalidParameter,
  readChoice,
  readDate,
  readInteger,
  readNanoseconds,
  readText,
  type Query,
} from './query.ts';

/** The specification's activity types; in a simulated day nothing happens but fills, fees and transfers. */
const TYPES: ReadonlySet<string> = new Set([
  'FILL',
  'TRANS',
  'MISC',
  'ACATC',
  'ACATS',
  'CFEE',
  'CGD',
  'CSD',
  'CSW',
  'DIV',
  'DIVCGL',
  'DIVCGS',
  'DIVFEE',
  'DIVFT',
  'DIVNRA',
  'DIVROC',
  'DIVTW',
  'DIVTXEX',
  'FEE',
  'INT',
  'INTNRA',
  'INTTW',
  'JNL',
  'JNLC',
  'JNLS',
  'MA',
  'NC',
  'OPASN',
  'OPCA',
  'OPCSH',
  'OPEXC',
  'OPEXP',
  'OPTRD',
  'PTC',
  'PTR',
  'REORG',
  'SPIN',
  'SPLIT',
  'FOPT',
]);

/**
 * Account activities: filtered by type, category and time, paged by the id of the last one seen.
 */
export const listActivities = (
  account: Account,
  query: Query,
  types: string | null,
): Activity[] => {
  const direction = readChoice(query, 'direction', ['asc', 'desc'], 'desc');
  const size = readInteger(query, 'page_size', 100, 1, 100);
  const token = readText(query, 'page_token');
  const category =
    readText(query, 'category') === null
      ? null
      : readChoice(query, 'category', ['trade_activity', 'non_trade_activity'], 'trade_activity');
  const after = readNanoseconds(query, 'after');
  const until = readNanoseconds(query, 'until');
  const date = readDate(query, 'date');
  const wanted = types?.split(',').map((type) => type.trim()) ?? null;
  const unknown = wanted?.find((type) => !TYPES.has(type));
  if (unknown !== undefined)
    throw new InvalidParameter(`invalid activity type: ${unknown.slice(0, 100)}`);
  if (wanted && category)
    throw new InvalidParameter('only one of activity_types and category is accepted');
  const ordered = direction === 'asc' ? account.activities : account.activities.toReversed();
  const from = token === null ? 0 : ordered.findIndex(({ id }) => id === token) + 1;
  if (token !== null && from === 0)
    throw new InvalidParameter(`invalid page_token: ${token.slice(0, 100)}`);
  const isAsked = ({ activity_type: type }: Activity): boolean =>
    (wanted === null ||
      wanted.includes(type) ||
      // both kinds of transfers of cash
      (wanted.includes('TRANS') && (type === 'CSD' || type === 'CSW'))) &&
    (category === null || (category === 'trade_activity') === (type === 'FILL'));
  return ordered
    .slice(from)
    .filter((activity) => {
      if (!isAsked(activity)) return false;
      const { id } = activity;
      const time =
        activity.activity_type === 'FILL' ? activity.transaction_time : activity.created_at;
      const at = toNanoseconds(Date.parse(time)) + beyondMilliseconds(time);
      if (after !== null && at <= after) return false;
      if (until !== null && at >= until) return false;
      return date === null || id.startsWith(date.replaceAll('-', ''));
    })
    .slice(0, size);
};
