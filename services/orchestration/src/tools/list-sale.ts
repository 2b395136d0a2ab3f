import type { StandingPosition } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { z } from 'zod';
import { positionLines } from '../domain/desk-words.ts';
import { count } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import { shownPosition } from './position-reads.ts';
import type { ToolAnswer } from './tool.ts';

/** What an act that sells more than one position answers, the first time and the second. */
export const saleOutput = z.object({
  status: z.string(),
  preview_id: z.string().optional(),
  positions: z.array(shownPosition).optional(),
});

/** How far a sale of several positions is, in words. */
export const stillOpen =
  (
    trading: Pick<Services['trading'], 'listPositions'>,
    sold: readonly StandingPosition[],
  ): (() => Promise<string>) =>
  async () => {
    const { positions } = await trading.listPositions({ query: { status: 'open' } });
    const open = new Set(positions.map(({ position_id }) => position_id));
    const left = sold.filter(({ position_id }) => open.has(position_id));
    return `${left.length} of ${count(sold.length, 'position')} still open`;
  };
type Question = ToolAnswer<z.input<typeof saleOutput>>;

interface Wanted {
  act: string;
  by: string;
  preview_id: string | undefined;
  /** What the act does, up to the number of positions that it sells. */
  effect: string;
  /** How it is called again. */
  again: string;
}

/**
 * What sells more than one position takes two steps: the first answers with the list, whose id the
 * second names. Another list is another id.
 */
export const createListSale =
  (trading: Pick<Services['trading'], 'listPositions'>) =>
  async ({
    act,
    by,
    preview_id,
    effect,
    again,
  }: Wanted): Promise<
    { question: Question } | { question: null; positions: readonly StandingPosition[] }
  > => {
    const { positions } = await trading.listPositions({ query: { status: 'open' } });
    const list = positions.map(({ position_id, qty }) => `${position_id} ${qty}`).toSorted();
    const current = stableId(act, by, ...list);
    if (preview_id === current) return { question: null, positions };
    if (preview_id !== undefined)
      throw new AppError(
        'INVALID_REQUEST',
        'what is held is not what that preview_id listed: ask for the list again, without preview_id',
      );
    return {
      question: {
        text: [
          `Nothing was done yet. ${effect} ${count(positions.length, 'position')}:`,
          ...positionLines(positions),
          `Ask the person; then ${again} and preview_id ${current}.`,
        ].join('\n'),
        data: { status: 'confirmation_required', preview_id: current, positions: [...positions] },
      },
    };
  };
