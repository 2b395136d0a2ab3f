import type { Account } from '../account.ts';
import type { ExchangeContext } from '../exchange-context.ts';
import type { OrderRequest } from '../order-request.ts';
import { accept, firstRefusal, invalidField, type Outcome } from '../refusal.ts';
import {
  checkAccount,
  checkIntent,
  checkLeastValue,
  checkShares,
  checkWashTrade,
} from './account-checks.ts';
import { checkAsset, checkAuctionHours, checkHalt, checkTimeInForce } from './market-checks.ts';
import { checkExitPrices, checkLimitDistance, checkStopPrice, checkTrail } from './price-checks.ts';

const checkClientOrderId = (
  account: Account,
  { client_order_id: id }: OrderRequest,
): Outcome<null> =>
  id !== null && account.by_client_order_id.has(id)
    ? invalidField('client_order_id must be unique')
    : accept(null);

/** Everything an account must satisfy to place an order, in the order in which it is checked. */
export const checkOrder = (
  context: ExchangeContext,
  account: Account,
  request: OrderRequest,
): Outcome<null> => {
  return firstRefusal([
    () => checkClientOrderId(account, request),
    () => checkAccount(account, request),
    () => checkAsset(context, request),
    () => checkTimeInForce(context, request),
    () => checkHalt(context, request),
    () => checkIntent(account, request),
    () => checkAuctionHours(context, request),
    () => checkLimitDistance(context, request),
    () => checkExitPrices(context, request),
    () => checkStopPrice(context, request),
    () => checkTrail(context, request),
    () => checkWashTrade(account, request),
    () => checkShares(context, account, request),
    () => checkLeastValue(context, account, request),
  ]);
};
