import { randomUUID } from 'node:crypto';
import { refusalCode, type Proposal } from '@catalyst/contracts';
import {
  compare,
  decimalString,
  entrySide,
  multiply,
  side,
  symbol,
  toCents,
  toDecimalString,
  wholeQuantity,
} from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import {
  dollars,
  gain,
  newYork,
  price as shownPrice,
  shares as shownShares,
} from '../domain/wording.ts';
import { tradeOutput, type ConfirmTrade } from '../flows/confirm-trade.ts';
import type { Services } from '../services.ts';
import { shownProposal, toShownProposal } from './shown-rows.ts';
import { ACTS, defineTool, READS, tickerInput, type ToolAnswer, type ToolCaller } from './tool.ts';

const shares = z
  .union([z.number().positive(), decimalString])
  .transform((value) => toDecimalString(value))
  .pipe(wholeQuantity);
const price = z
  .union([z.number().positive(), decimalString])
  .transform((value) => toDecimalString(value));

const trade = z.strictObject({
  symbol: tickerInput,
  side: side.describe('buy, or sell to sell short'),
  quantity: shares.optional().describe('Whole shares; risk chooses the size when left out'),
  qty: shares.optional().describe('The same as quantity'),
  stop_price: price.optional().describe('The desk finds one when left out'),
  target_price: price.optional(),
});
const named = trade.partial();
type Named = z.output<typeof named>;

/** What getting out of a position would bring, at its last price. */
const closing = z.object({
  position_id: z.uuid(),
  symbol,
  side,
  qty: decimalString,
  last_price: decimalString.nullable(),
  value_usd: decimalString.nullable(),
  unrealized_pnl_usd: decimalString,
  /** Whether the key that asked may close it. */
  may_execute: z.boolean(),
});

/** What a preview answers: the verdict, what it would cost, and what to execute it with. */
const previewOutput = z.object({
  status: z.enum(['confirmation_required', 'refused']),
  preview_id: z.string().optional(),
  code: refusalCode.optional(),
  /** The largest quantity that would pass. */
  max_qty: z.string().optional(),
  proposal: shownProposal.optional(),
  closing: closing.optional(),
});

const wantedQty = ({ quantity, qty }: Named): string | undefined => {
  if (quantity !== undefined && qty !== undefined && compare(quantity, qty) !== 0)
    throw new AppError(
      'INVALID_REQUEST',
      `quantity (${quantity}) and qty (${qty}) name the same thing: give one of them`,
    );
  return quantity ?? qty;
};

/**
 * What is confirmed must be what was previewed: other words beside the preview_id are held against
 * it.
 */
const contradictions = (wanted: Named, proposal: Proposal): string[] => {
  const qty = wantedQty(wanted);
  const reviewed =
    proposal.qty ?? (proposal.verdict.verdict === 'approved' ? proposal.verdict.qty : null);
  return [
    ...(wanted.symbol && wanted.symbol !== proposal.symbol
      ? [`symbol ${wanted.symbol} (previewed: ${proposal.symbol})`]
      : []),
    ...(wanted.side && wanted.side !== entrySide(proposal.direction)
      ? [`side ${wanted.side} (previewed: ${entrySide(proposal.direction)})`]
      : []),
    ...(qty && reviewed && compare(qty, reviewed) !== 0
      ? [`qty ${qty} (previewed: ${reviewed})`]
      : []),
    ...(wanted.stop_price && compare(wanted.stop_price, proposal.stop_price) !== 0
      ? [`stop_price ${wanted.stop_price} (previewed: ${proposal.stop_price})`]
      : []),
    ...(wanted.target_price && compare(wanted.target_price, proposal.target_price) !== 0
      ? [`target_price ${wanted.target_price} (previewed: ${proposal.target_price})`]
      : []),
  ];
};

const previewed = (proposal: Proposal): ToolAnswer<z.input<typeof previewOutput>> => {
  const { verdict, proposal_id, expires_at, symbol, direction } = proposal;
  const shown = toShownProposal(proposal);
  if (verdict.verdict === 'refused') {
    return {
      text: `Refused by risk (${verdict.code}): ${verdict.message.replace(/\.$/, '')}; limit ${verdict.limit}, value ${verdict.value}; the largest quantity that would pass is ${verdict.max_qty}. Nothing was sent.`,
      data: { status: 'refused', code: verdict.code, max_qty: verdict.max_qty, proposal: shown },
    };
  }
  return {
    text: `Nothing was sent yet. Risk approves: ${entrySide(direction)} ${verdict.qty} ${symbol} at about ${shownPrice(proposal.entry_price)}, stop ${shownPrice(proposal.stop_price)}, target ${shownPrice(proposal.target_price)}; it costs ${dollars(verdict.notional_usd)} and loses ${dollars(verdict.risk_usd)} at the stop.\nAsk the person; then execute_trade with preview_id ${proposal_id}, before ${newYork(expires_at)}.`,
    data: { status: 'confirmation_required', preview_id: proposal_id, proposal: shown },
  };
};

/**
 * The two-step trade: a preview reviews and sends nothing; its id executes once, however often it is
 * repeated.
 */
export const createTradeTools = (
  { workflow, trading }: Pick<Services, 'workflow' | 'trading'>,
  confirmTrade: ConfirmTrade,
) => {
  /** A close as it would be, for a page or a person to say yes to: nothing is sent. */
  const previewClose = async (
    position_id: string,
    { scopes }: ToolCaller,
  ): Promise<ToolAnswer<z.input<typeof previewOutput>>> => {
    const held = await trading.showPosition({ params: { position_id } });
    if (held.status !== 'open')
      throw new AppError('POSITION_NOT_OPEN', `${held.symbol} is ${held.status}: nothing to close`);
    const { symbol: name, qty, last_price, unrealized_pnl_usd } = held;
    const value_usd = last_price === null ? null : toCents(multiply(qty, last_price));
    const may_execute = scopes.has('trade');
    const about =
      last_price === null
        ? 'at market; no last price is known'
        : `at market: about ${dollars(value_usd ?? '0')} at the last price of ${shownPrice(last_price)}${held.last_price_at ? ` (${newYork(held.last_price_at)})` : ''}, ${gain(unrealized_pnl_usd)} on what is held`;
    return {
      text: `Nothing was sent. Closing would ${held.direction === 'long' ? 'sell' : 'buy back'} ${shownShares(qty)} ${name} ${about}; its stop and target are cancelled first.\n${may_execute ? `Ask the person; then close_position with position_id ${position_id}.` : 'This key may not close: that needs the scope trade.'}`,
      data: {
        status: 'confirmation_required',
        closing: {
          position_id,
          symbol: name,
          side: held.direction === 'long' ? 'sell' : 'buy',
          qty,
          last_price,
          value_usd,
          unrealized_pnl_usd,
          may_execute,
        },
      },
    };
  };
  const preview = async (wanted: Named, by: string) => {
    const { symbol, side: wantedSide, stop_price, target_price } = wanted;
    if (!symbol || !wantedSide)
      throw new AppError(
        'INVALID_REQUEST',
        'a preview needs symbol and side, or position_id to preview a close; an execution needs preview_id',
      );
    return previewed(
      await workflow.previewTrade({
        body: {
          symbol,
          side: wantedSide,
          qty: wantedQty(wanted) ?? null,
          by,
          request_id: randomUUID(),
          ...(stop_price && { stop_price }),
          ...(target_price && { target_price }),
        },
      }),
    );
  };
  const checkSame = async (wanted: Named, preview_id: string): Promise<void> => {
    if (Object.values(wanted).every((value) => value === undefined)) return;
    const { proposals } = await workflow.listProposals({ query: { state: 'all' } });
    const known = proposals.find(({ proposal_id }) => proposal_id === preview_id);
    if (!known) throw new AppError('NOT_FOUND', `there is no preview or proposal ${preview_id}`);
    const wrong = contradictions(wanted, known);
    if (wrong.length > 0)
      throw new AppError(
        'INVALID_REQUEST',
        `this is not the trade that was previewed: ${wrong.join(', ')}; preview the other trade first`,
      );
  };
  return [
    defineTool({
      name: 'preview_trade',
      title: 'Preview a trade',
      description:
        'What buying, or selling short, would look like, and whether risk would approve it or why not: price, size, cost, what it loses at the stop. Sends nothing. Answers with a preview_id, which execute_trade takes within five minutes. With position_id instead of symbol and side: what closing it would bring.',
      scope: 'propose',
      input: named.extend({
        position_id: z.uuid().optional().describe('To preview the close of what is held'),
      }),
      output: previewOutput,
      annotations: { ...READS, idempotentHint: false },
      run: ({ position_id, ...wanted }, caller) => {
        if (position_id === undefined) return preview(wanted, caller.by);
        if (Object.values(wanted).some((value) => value !== undefined))
          throw new AppError(
            'INVALID_REQUEST',
            'a close is previewed by position_id alone; a new trade by symbol and side',
          );
        return previewClose(position_id, caller);
      },
    }),
    defineTool({
      name: 'execute_trade',
      title: 'Execute a previewed trade',
      description:
        'With the preview_id of preview_trade (or the proposal_id of a proposal): sends that trade once and says whether the broker took, filled or refused it, as far as it is known within two seconds. Without preview_id it sends nothing: it answers confirmation_required with the preview, for the person to say yes to.',
      scope: 'trade',
      input: named.extend({
        preview_id: z.uuid().optional().describe('From preview_trade, after the person said yes'),
      }),
      output: z.object({
        ...previewOutput.partial().shape,
        ...tradeOutput.partial().shape,
        status: z.enum([
          ...previewOutput.shape.status.options,
          ...tradeOutput.shape.status.options,
        ]),
      }),
      annotations: { ...ACTS, idempotentHint: true },
      run: async ({ preview_id, ...wanted }, { by }) => {
        wantedQty(wanted);
        if (preview_id === undefined) return preview(wanted, by);
        await checkSame(wanted, preview_id);
        return confirmTrade(preview_id, by);
      },
    }),
  ];
};
