import { isEnded } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { OrderRow } from '../book-rows.ts';

type Named = Pick<OrderRow, 'client_order_id' | 'symbol' | 'role' | 'status'>;

/**
 * That an order may be cancelled by its name: an entry which the broker has and which may still fill.
 * @throws AppError NOT_FOUND for a name that nobody knows; INVALID_REQUEST for what is no entry or
 * has ended; OUTCOME_UNKNOWN while the broker is not known to have it
 */
export const assertCancelable = (clientOrderId: string, order: Named | undefined): void => {
  if (!order)
    throw new AppError('NOT_FOUND', `there is no order ${clientOrderId}`, {
      client_order_id: clientOrderId,
    });
  const { client_order_id, symbol, role, status } = order;
  const details = { client_order_id, symbol, role, status };
  if (role !== 'entry')
    throw new AppError(
      'INVALID_REQUEST',
      role === 'exit'
        ? `order ${client_order_id} closes ${symbol}: only an entry is cancelled`
        : `order ${client_order_id} is the ${role} of what is held in ${symbol}: only an entry is cancelled; a stop can be moved, or the position closed`,
      details,
    );
  if (isEnded(status))
    throw new AppError(
      'INVALID_REQUEST',
      `the entry ${client_order_id} of ${symbol} is ${status}: nothing waits of it`,
      details,
    );
  if (status === 'intended')
    throw new AppError(
      'OUTCOME_UNKNOWN',
      `the broker is not known to have the entry ${client_order_id} of ${symbol} yet: it is looked up, and ends where the broker does not take it`,
      details,
    );
};
