export type { BrokerAccountReads, ClosedAtBroker } from './account.ts';
export type { BrokerageOptions } from './alpaca-connection.ts';
export { createBrokerage, type Brokerage } from './create-brokerage.ts';
export type { BarsQuery, BrokerMarketData, DataFeed, NewsQuery } from './market-data.ts';
export type {
  BrokerOrders,
  CancelOutcome,
  ListOrders,
  RefusalKind,
  SubmitOutcome,
} from './orders.ts';
export { dataStreamUrl, type MarketStatuses } from './market-statuses.ts';
export { forPurpose, type Purpose } from './purpose.ts';
export type { TellUnread, UnreadItem } from './read-items.ts';
export type { BrokerReference } from './reference.ts';
export type {
  TradeUpdateHandlers,
  TradeUpdates,
  TradeUpdateSubscription,
} from './trade-updates.ts';
export {
  whyBlocked,
  type BrokerAccount,
  type BrokerFee,
  type BrokerFill,
  type BrokerPosition,
  type BrokerTransfer,
} from './wire/account.ts';
export type {
  BrokerArticle,
  BrokerCorporateAction,
  BrokerQuote,
  MostActive,
} from './wire/market-data.ts';
export type { BrokerLeg, BrokerOrder, TradeUpdate } from './wire/order.ts';
export type { BrokerAsset, BrokerClock } from './wire/reference.ts';
