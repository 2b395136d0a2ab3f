import { Decimal } from 'decimal.js';
import type { CorporateAction } from '../day.ts';
import { actionsPageSchema } from './raw-answers.ts';
import { visitPages } from './read-raw.ts';

const decimal = (value: number): string => new Decimal(value).toFixed();

/**
 * Reads `corporate-actions/`: splits and cash dividends whose ex-date lies from `from` to `to`, by
 * ex-date, then symbol; of other kinds only that they were there.
 */
export const readActions = async (
  dir: string,
  symbols: readonly string[],
  from: string,
  to: string,
): Promise<{ actions: CorporateAction[]; notes: string[] }> => {
  const known = new Set(symbols);
  const actions = new Map<string, CorporateAction>();
  const others = new Map<string, number>();
  await visitPages(
    dir,
    'corporate-actions',
    actionsPageSchema,
    ({ corporate_actions: { forward_splits, reverse_splits, cash_dividends, ...rest } }) => {
      const keep = (action: CorporateAction, key: string): void => {
        if (known.has(action.symbol) && action.ex_date >= from && action.ex_date <= to)
          actions.set(`${action.ex_date} ${action.symbol} ${key}`, action);
      };
      const keepSplits = (
        type: 'forward_split' | 'reverse_split',
        splits: typeof forward_splits,
      ): void => {
        for (const { symbol, ex_date, new_rate, old_rate } of splits)
          keep(
            {
              symbol,
              type,
              ex_date,
              new_rate: decimal(new_rate),
              old_rate: decimal(old_rate),
              cash: null,
            },
            type,
          );
      };
      keepSplits('forward_split', forward_splits);
      keepSplits('reverse_split', reverse_splits);
      // a regular and a special dividend may share an ex-date; one announced twice is the same
      // amount
      for (const { symbol, ex_date, rate } of cash_dividends.filter(
        (dividend) => dividend.rate > 0,
      ))
        keep(
          {
            symbol,
            type: 'cash_dividend',
            ex_date,
            new_rate: null,
            old_rate: null,
            cash: decimal(rate),
          },
          `cash_dividend ${rate}`,
        );
      for (const [kind, list] of Object.entries(rest)) {
        const mine = list.filter(
          ({ ex_date, symbol }) =>
            typeof symbol === 'string' &&
            known.has(symbol) &&
            typeof ex_date === 'string' &&
            ex_date >= from &&
            ex_date <= to,
        );
        if (mine.length > 0) others.set(kind, (others.get(kind) ?? 0) + mine.length);
      }
    },
  );
  const ordered = [...actions]
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([, action]) => action);
  const notes = [...others].map(
    ([kind, count]) =>
      `${count} corporate actions of the kind ${kind} were left out; prices from before them are not adjusted for them.`,
  );
  return { actions: ordered, notes };
};
