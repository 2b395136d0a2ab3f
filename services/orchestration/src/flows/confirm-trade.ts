import type { Order, Proposal } from '@catalyst/contracts';
import { z } from 'zod';
import { entryOutcome, entryStatuses, isEnded } from '../domain/entry-outcome.ts';
import { wholeEntry } from '../domain/whole-entry.ts';
import type { Services } from '../services.ts';
import { shownOrder } from '../tools/position-reads.ts';
import { shownProposal, toShownProposal } from '../tools/shown-rows.ts';
import type { ToolAnswer, ToolCaller } from '../tools/tool.ts';

/** How long a confirmation waits for the broker's answer, and how often it looks. */
const WAIT_MS = 2000;
const LOOK_EVERY_MS = 250;

interface Deps extends Pick<Services, 'workflow' | 'trading'> {
  sleep: (ms: number) => Promise<void>;
}

/** What a trade that was said yes to answers. */
export const tradeOutput = z.object({
  status: z.enum(entryStatuses),
  proposal: shownProposal,
  order: shownOrder.nullable(),
});

/**
 * Executes a waiting proposal once, waits a little for the broker and says what became of it. Asking
 * again says how it is by then.
 */
export const createConfirmTrade = ({ workflow, trading, sleep }: Deps) => {
  const findEntry = async ({ cycle_id, verdict }: Proposal): Promise<Order | null> => {
    const query = { cycle_id };
    const { positions } = await trading.listPositions({ query });
    const held = positions.find(({ intent_id }) => intent_id === verdict.intent_id);
    if (!held) return null;
    const { orders } = await trading.listOrders({ query });
    const isEntry = ({ position_id, role }: Order) =>
      position_id === held.position_id && role === 'entry';
    return wholeEntry(orders.filter(isEntry));
  };

  return async (
    proposal_id: string,
    { by, signal, tell }: Pick<ToolCaller, 'by' | 'signal' | 'tell'>,
  ): Promise<ToolAnswer<z.input<typeof tradeOutput>>> => {
    signal.throwIfAborted();
    const proposal = await workflow.executeProposal({ params: { proposal_id }, body: { by } });
    let order = await findEntry(proposal);
    const isUnderWay = () => order !== null && !isEnded(order) && !signal.aborted;
    for (let waited = 0; isUnderWay() && waited < WAIT_MS; waited += LOOK_EVERY_MS) {
      tell(entryOutcome(proposal, order).text);
      await sleep(LOOK_EVERY_MS);
      order = await findEntry(proposal);
    }
    const { status, text, quotes } = entryOutcome(proposal, order);
    return { text, data: { status, order, proposal: toShownProposal(proposal) }, quotes };
  };
};
export type ConfirmTrade = ReturnType<typeof createConfirmTrade>;
