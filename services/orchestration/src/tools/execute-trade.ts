import { randomUUID } from 'node:crypto';
import type { Proposal } from '@catalyst/contracts';
import {
  compare,
  decimalString,
  entrySide,
  side,
  toDecimalString,
  wholeQuantity,
} from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { dollars, newYork } from '../domain/wording.ts';
import type { ConfirmTrade } from '../flows/confirm-trade.ts';
import type { Services } from '../services.ts';
import { ACTS, defineTool, tickerInput, type ToolAnswer } from './tool.ts';

const shares = z
  .union([z.number().positive(), decimalString])
  .transform((value) => toDecimalString(value))
  .pipe(wholeQuantity);
const price = z
  .union([z.number().positive(), decimalString])
  .transform((value) => toDecimalString(value));

const input = z.strictObject({
  symbol: tickerInput.optional(),
  side: side.optional().describe('buy or sell'),
  quantity: shares.optional().describe('Shares; risk chooses the size when left out'),
  qty: shares.optional().describe('The same as quantity'),
  stop_price: price.optional().describe('The desk finds one when left out'),
  target_price: price.optional(),
  preview_id: z
    .uuid()
    .optional()
    .describe('From an earlier answer, or the proposal_id of a proposal that waits: executes it'),
});
type Input = z.output<typeof input>;

const wantedQty = ({ quantity, qty }: Input): string | undefined => {
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
const contradictions = (wanted: Input, proposal: Proposal): string[] => {
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

const previewed = (proposal: Proposal): ToolAnswer => {
  const { verdict, proposal_id, expires_at } = proposal;
  if (verdict.verdict === 'refused') {
    return {
      text: `Refused by risk (${verdict.code}): ${verdict.message} Limit ${verdict.limit}, value ${verdict.value}; the largest quantity that would pass is ${verdict.max_qty}. Nothing was sent.`,
      data: { status: 'refused', code: verdict.code, verdict, proposal },
    };
  }
  return {
    text: `Nothing was sent yet. ${proposal.summary}\nRisk approves ${verdict.qty} shares, about ${dollars(verdict.notional_usd)}, risking ${dollars(verdict.risk_usd)}; entry ${proposal.entry_price}, stop ${proposal.stop_price}, target ${proposal.target_price}.\nTo execute it, call execute_trade with preview_id ${proposal_id} before ${newYork(expires_at)}.`,
    data: {
      status: 'confirmation_required',
      preview_id: proposal_id,
      expires_at,
      verdict,
      proposal,
    },
  };
};

/**
 * The two-step trade: the first call reviews and sends nothing, the second executes once, however
 * often it is repeated.
 */
export const createExecuteTrade = (
  { workflow }: Pick<Services, 'workflow'>,
  confirmTrade: ConfirmTrade,
) =>
  defineTool({
    name: 'execute_trade',
    title: 'Preview a trade, then execute it',
    description:
      'Two steps. Without preview_id: reviews the trade and answers confirmation_required with its cost, risk, verdict and a preview_id; nothing is sent. With preview_id: executes that trade once and says whether the broker took, filled or refused it, as far as it is known within two seconds; asked again, it says how it stands by then. Whole shares only. A waiting proposal of a supervised session is executed by giving its proposal_id as preview_id.',
    input,
    annotations: { ...ACTS, idempotentHint: true },
    run: async (wanted, { by }) => {
      const qty = wantedQty(wanted);
      if (wanted.preview_id === undefined) {
        if (!wanted.symbol || !wanted.side)
          throw new AppError(
            'INVALID_REQUEST',
            'a preview needs symbol and side; an execution needs preview_id',
          );
        const { symbol, side: wantedSide, stop_price, target_price } = wanted;
        return previewed(
          await workflow.previewTrade({
            body: {
              symbol,
              side: wantedSide,
              qty: qty ?? null,
              by,
              request_id: randomUUID(),
              ...(stop_price && { stop_price }),
              ...(target_price && { target_price }),
            },
          }),
        );
      }
      const { preview_id, ...named } = wanted;
      if (Object.values(named).some((value) => value !== undefined)) {
        const known = (await workflow.listProposals({ query: { state: 'all' } })).proposals.find(
          (proposal) => proposal.proposal_id === preview_id,
        );
        if (!known)
          throw new AppError('NOT_FOUND', `there is no preview or proposal ${preview_id}`);
        const wrong = contradictions(wanted, known);
        if (wrong.length > 0)
          throw new AppError(
            'INVALID_REQUEST',
            `this is not the trade that was previewed: ${wrong.join(', ')}; preview the other trade first`,
          );
      }
      return confirmTrade(preview_id, by);
    },
  });
