import { inNewYork } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import type { Services } from '../services.ts';
import type { Completions } from './prompt.ts';

/** What a desk without a day, a scan or a trade has none of is no failure of a completion. */
const orNone = async (read: () => Promise<readonly string[]>): Promise<readonly string[]> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
};
const beginning = (values: readonly string[], begun: string): string[] =>
  [...new Set(values)].filter((value) => value.toLowerCase().startsWith(begun.toLowerCase()));

/** What the arguments of prompts and of resources' URIs may be completed to. */
export const createCompletions = ({
  workflow,
  scanner,
  trading,
  reporting,
}: Services): Completions => {
  const held = () =>
    orNone(async () =>
      (await trading.listPositions({ query: { status: 'all' } })).positions
        .toReversed()
        .map(({ symbol }) => symbol),
    );
  const scanned = () =>
    orNone(async () =>
      (await scanner.showLatestScan({ query: {} })).results.map((row) => row.symbol),
    );
  const positions = () =>
    orNone(async () =>
      (await trading.listPositions({ query: { status: 'all' } })).positions
        .toReversed()
        .map(({ position_id }) => position_id),
    );
  const dates = () =>
    orNone(async () => {
      const { trades } = await reporting.showJournal({ query: { limit: 500 } });
      const { cycle } = await workflow.showStanding();
      return [
        ...(cycle ? [cycle.trade_date] : []),
        ...trades.map(({ exit_at }) => inNewYork(exit_at).date),
      ];
    });
  return {
    symbol: async (begun) => beginning([...(await held()), ...(await scanned())], begun),
    trade: async (begun) => beginning([...(await held()), ...(await positions())], begun),
    position_id: async (begun) => beginning(await positions(), begun),
    trade_date: async (begun) => beginning(await dates(), begun),
    cycle_id: async (begun) =>
      beginning(
        await orNone(async () => {
          const { cycle } = await workflow.showStanding();
          return cycle ? [cycle.cycle_id] : [];
        }),
        begun,
      ),
  };
};
