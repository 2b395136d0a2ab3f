import type { ExitReason } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';

/** Why a position is to be closed, who said so, and the id that makes asking twice harmless. */
export interface ExitCause {
  reason: ExitReason;
  by: string;
  request_id: string;
}

/** What a person or a rule may not close. */
export const notOpen = (symbol: string): AppError =>
  new AppError('POSITION_NOT_OPEN', `the position in ${symbol} is closed already`);
