import type { OrderIntent, Proposal } from '@catalyst/contracts';
import { later, stableId, type Direction, type Side } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { planEntry, scaleOut } from '../domain/entry-intent.ts';
import { choosePersonLevels, summarizeTrade } from '../domain/person-trade.ts';
import { listHeld } from '../store/desk-reads.ts';
import {
  boundPreviews,
  findProposal,
  insertProposal,
  type StoredProposal,
} from '../store/proposals.ts';
import type { CycleDay } from './cycle-book.ts';
import type { FlowDeps } from './flow-deps.ts';
import { PROPOSAL_LIFETIME_MS, showProposal } from './propose-trade.ts';

/** Previews of one person that wait at most. */
const MOST_PREVIEWS = 20;

export interface WantedTrade {
  symbol: string;
  side: Side;
  qty: string | null;
  stop_price?: string;
  target_price?: string;
  by: string;
  request_id: string;
}

/**
 * Prices a trade that a person has in mind, has risk look at it, and keeps it for five minutes;
 * nothing is reserved or sent.
 */
export const previewTrade = async (
  deps: FlowDeps,
  day: CycleDay | null,
  { symbol, side, qty, stop_price, target_price, by, request_id }: WantedTrade,
): Promise<Proposal> => {
  const { database, clock, technical, pattern, risk, scale_out_at_r } = deps;
  const proposal_id = stableId('proposal', 'person', request_id);
  const known = await findProposal(database, proposal_id);
  if (known) return showProposal(known, clock.now());
  if (!day || day.cycle.state === 'closed' || day.cycle.state === 'failed')
    throw new AppError(
      'CYCLE_NOT_ACTIVE',
      day
        ? `the session of ${day.cycle.trade_date} is ${day.cycle.state}, and a day has one: the next trade is one of the next trading day`
        : 'a trade belongs to a session, and none is open: start_trading_session opens one',
    );

  const direction: Direction = side === 'buy' ? 'long' : 'short';
  const opposite = (await listHeld(database)).find(
    (held) => held.symbol === symbol && held.direction !== direction,
  );
  if (opposite) {
    throw new AppError(
      'INVALID_REQUEST',
      `the desk is ${opposite.direction} ${symbol}: to end that position use close_position with position_id ${opposite.position_id}, not a ${side} order`,
      { position_id: opposite.position_id },
    );
  }

  const symbols = [symbol];
  // nobody else fetches the minutes of a stock that is neither held nor a candidate
  const [{ quotes }] = await Promise.all([
    technical.refreshQuotes({ body: { symbols } }),
    technical.ingestBars({ body: { symbols } }),
  ]);
  const { triggers } = await pattern.checkTriggers({ body: { symbols } });
  const quote = quotes.find((found) => found.symbol === symbol) ?? null;
  const trigger = triggers.find((found) => found.symbol === symbol) ?? null;
  const price = quote ? (direction === 'long' ? quote.ask_price : quote.bid_price) : trigger?.close;
  if (price === null || price === undefined || !(Number(price) > 0))
    throw new AppError('UNKNOWN_SYMBOL', `there is neither a quote nor a bar of ${symbol}`, {
      symbol,
    });

  const { stop, target, stop_basis } = choosePersonLevels({
    direction,
    price: String(price),
    pattern_stop: trigger?.pattern?.stop ?? null,
    stop_price,
    target_price,
  });
  const planned = planEntry({ direction, quote, close: trigger?.close ?? null, stop, target });
  if (!planned.is_sane)
    throw new AppError('INVALID_REQUEST', `${symbol}: ${planned.reason}`, { code: planned.code });

  const { cycle_id } = day.cycle;
  const intent: OrderIntent = {
    intent_id: stableId('intent', proposal_id),
    cycle_id,
    symbol,
    direction,
    qty,
    ...planned.prices,
    ...scaleOut(scale_out_at_r, direction, planned.prices),
    ...(trigger?.pattern && { pattern: trigger.pattern.pattern }),
  };
  const verdict = await risk.previewOrder({ body: intent });
  const at = clock.now();
  // the person says yes to the size that was shown
  const shown = verdict.verdict === 'approved' ? { ...intent, qty: verdict.qty } : intent;
  const proposal: StoredProposal = {
    proposal_id,
    cycle_id,
    origin: 'person',
    intent: shown,
    verdict,
    summary: summarizeTrade(shown, verdict),
    state: verdict.verdict === 'approved' ? 'waiting' : 'refused',
    outcome: verdict.verdict === 'approved' ? null : `${verdict.code}: ${verdict.message}`,
    context: {
      by,
      reason: `asked for by ${by}; the stop is ${stop_basis === 'given' ? 'theirs' : stop_basis === 'pattern' ? "the pattern's" : '2 % away'}`,
      confidence: trigger?.pattern?.confidence ?? 0,
      scan_id: null,
      article_id: null,
      catalyst_type: null,
      source: null,
      pattern: trigger?.pattern?.pattern ?? null,
      execution: null,
    },
    created_at: at,
    expires_at: later(at, PROPOSAL_LIFETIME_MS),
  };
  await insertProposal(database, proposal);
  await boundPreviews(database, by, MOST_PREVIEWS);
  return showProposal(proposal, at);
};
