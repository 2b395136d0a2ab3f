import { createBrokerAccount, type BrokerAccountReads } from './account.ts';
import { connectAlpaca, type BrokerageOptions } from './alpaca-connection.ts';
import { createBrokerMarketData, type BrokerMarketData } from './market-data.ts';
import { createMarketStatuses, type MarketStatuses } from './market-statuses.ts';
import { createBrokerOrders, type BrokerOrders } from './orders.ts';
import { createBrokerReference, type BrokerReference } from './reference.ts';
import { createTradeUpdates, type TradeUpdates } from './trade-updates.ts';

/** The one seam to Alpaca, by concern. */
export interface Brokerage {
  account: BrokerAccountReads;
  orders: BrokerOrders;
  reference: BrokerReference;
  market_data: BrokerMarketData;
  trade_updates: TradeUpdates;
  market_statuses: MarketStatuses;
}

/**
 * Alpaca on the addresses of `config`: live, paper or a replayed day differ in nothing else. Money,
 * prices and quantities come as canonical decimal text.
 */
export const createBrokerage = (options: BrokerageOptions): Brokerage => {
  const connection = connectAlpaca(options);
  return {
    account: createBrokerAccount(connection),
    orders: createBrokerOrders(connection),
    reference: createBrokerReference(connection),
    market_data: createBrokerMarketData(connection, options.config.ALPACA_DATA_FEED),
    trade_updates: createTradeUpdates(options, connection),
    market_statuses: createMarketStatuses(options),
  };
};
