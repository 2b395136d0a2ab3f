import type { OrderIntent } from '@catalyst/contracts';
import { Exact } from '@catalyst/domain';
import type { QuoteFacts } from './risk-facts.ts';

const farther = ({ direction }: OrderIntent, prices: readonly (string | Exact)[]): Exact =>
  direction === 'long' ? Exact.max(...prices) : Exact.min(...prices);

/** Where the entry must be expected to fill: the worse of the price that was named and the quote. */
export const expectedPrice = (intent: OrderIntent, quote: QuoteFacts | null): Exact => {
  const quoted = intent.direction === 'long' ? quote?.ask_price : quote?.bid_price;
  return farther(intent, [intent.entry_price, quoted ?? intent.entry_price]);
};

/** The worst price at which it may fill: a limit order may fill at its limit. */
export const worstPrice = (intent: OrderIntent, quote: QuoteFacts | null): Exact =>
  farther(intent, [expectedPrice(intent, quote), intent.limit_price ?? intent.entry_price]);

/** Dollars that a share of the position may amount to. */
export const costPrice = (intent: OrderIntent, quote: QuoteFacts | null): Exact =>
  Exact.max(
    worstPrice(intent, quote),
    intent.entry_price,
    intent.limit_price ?? intent.entry_price,
    (intent.direction === 'short' ? quote?.ask_price : null) ?? intent.entry_price,
  );

/** Dollars that a share loses between entry and stop, as it is expected. */
export const expectedRisk = (intent: OrderIntent, quote: QuoteFacts | null): Exact =>
  expectedPrice(intent, quote).minus(intent.stop_price).abs();

/** The same from the worst price. */
export const worstRisk = (intent: OrderIntent, quote: QuoteFacts | null): Exact =>
  worstPrice(intent, quote).minus(intent.stop_price).abs();
