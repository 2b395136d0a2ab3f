import type { Command } from 'commander';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst orders`: open orders. */
export const addOrders = (program: Command): void => {
  addVerb(program, 'orders', 'show the orders that are open at the broker').action(
    async (options: { json?: boolean }) => {
      const [{ reachDesk }, { describeOrders }] = await Promise.all([
        import('../desk-connection.ts'),
        import('../describe-holdings.ts'),
      ]);
      const terminal = terminalOf(options);
      const { trading } = reachDesk().clients;
      const answer = await trading.listOrders({ query: { status: 'open' } });
      terminal.result(answer, () => describeOrders(answer.orders, terminal));
    },
  );
};
