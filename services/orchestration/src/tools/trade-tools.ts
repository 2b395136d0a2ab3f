import { randomUUID } from 'node:crypto';
import { refusalCode, type Proposal } from '@catalyst/contracts';
import { compare, entrySide, side, wholeQuantity } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { refusalWords } from '../domain/risk-words.ts';
import { dollars, newYork, price } from '../domain/wording.ts';
import { tradeOutput, type ConfirmTrade } from '../flows/confirm-trade.ts';
import { closing, createPreviewClose } from '../flows/preview-close.ts';
import type { Services } from '../services.ts';
import { exitPrices, amountInput, readExit } from './exit-input.ts';
import { shownProposal, toShownProposal } from './shown-rows.ts';
import { ACTS, defineTool, READS, tickerInput, type ToolAnswer } from './tool.ts';

const shares = amountInput.pipe(wholeQuantity);
const trade = z.strictObject({
  symbol: tickerInput,
  side: side.describe('buy, or sell to sell short'),
  quantity: shares.optional().describe('Whole shares; risk chooses the size when left out'),
  qty: shares.optional().describe('The same as quantity'),
  stop_price: amountInput.optional().describe('The desk finds one when left out'),
  target_price: amountInput.optional(),
});
const named = trade.partial();
type Named = z.output<typeof named>;

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

/** What was asked for off the tick, and where it stands instead. */
const movedToTick = (wanted: Named, proposal: Proposal): string[] =>
  (['stop_price', 'target_price'] as const).flatMap((name) => {
    const asked = wanted[name];
    return asked === undefined || compare(asked, proposal[name]) === 0
      ? []
      : [`The ${name} asked for is none that the exchange takes: it is ${price(proposal[name])}.`];
  });

const previewed = (
  proposal: Proposal,
  wanted: Named,
): ToolAnswer<z.input<typeof previewOutput>> => {
  const { verdict, proposal_id, expires_at, symbol, direction } = proposal;
  const shown = toShownProposal(proposal);
  if (verdict.verdict === 'refused') {
    return {
      text: `Refused by risk (${verdict.code}): ${refusalWords(verdict)}. Nothing was sent.`,
      data: { status: 'refused', code: verdict.code, max_qty: verdict.max_qty, proposal: shown },
    };
  }
  return {
    text: `Nothing was sent yet. Risk approves: ${entrySide(direction)} ${verdict.qty} ${symbol} at about ${price(proposal.entry_price)}, stop ${price(proposal.stop_price)}, target ${price(proposal.target_price)}; it costs ${dollars(verdict.notional_usd)} and loses ${dollars(verdict.risk_usd)} at the stop.\n${movedToTick(
      wanted,
      proposal,
    )
      .map((line) => `${line}\n`)
      .join(
        '',
      )}Ask the person; then execute_trade with preview_id ${proposal_id}, before ${newYork(expires_at)}.`,
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
  const previewClose = createPreviewClose(trading);
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
      wanted,
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
        'What buying, or selling short, would look like, and whether risk would approve it or why not: price, size, cost, what it loses at the stop. Sends nothing. Answers with a preview_id, which execute_trade takes within five minutes. With position_id instead of symbol and side: what closing it would bring, or with the prices of close_position whether that exit would be taken.',
      scope: 'propose',
      input: named.extend({
        position_id: z.uuid().optional().describe('To preview the close of what is held'),
        ...exitPrices,
        stop_price: amountInput
          .optional()
          .describe('Of a trade: the desk finds one when left out. Of an exit: beside its limit'),
      }),
      output: previewOutput,
      annotations: { ...READS, idempotentHint: false },
      run: (given, caller) => {
        const {
          position_id,
          limit_price,
          stop_limit_price,
          trail_percent,
          trail_price,
          ...wanted
        } = given;
        const ofExit = { limit_price, stop_limit_price, trail_percent, trail_price };
        if (position_id === undefined) {
          if (Object.values(ofExit).some((value) => value !== undefined))
            throw new AppError(
              'INVALID_REQUEST',
              'limit_price, stop_limit_price and trail are of the exit of what is held: name it by position_id; an entry has stop_price and target_price',
            );
          return preview(wanted, caller.by);
        }
        const { stop_price, ...others } = wanted;
        if (Object.values(others).some((value) => value !== undefined))
          throw new AppError(
            'INVALID_REQUEST',
            'a close is previewed by position_id and the prices of its exit, if it has any; a new trade by symbol and side',
          );
        return previewClose(position_id, readExit({ ...ofExit, stop_price }), caller);
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
      run: async ({ preview_id, ...wanted }, caller) => {
        wantedQty(wanted);
        if (preview_id === undefined) return preview(wanted, caller.by);
        await checkSame(wanted, preview_id);
        return confirmTrade(preview_id, caller);
      },
    }),
  ];
};
