import type { Decimal } from 'decimal.js';
import type { Account } from './account.ts';
import { createReplacement } from './create-replacement.ts';
import type { ExchangeContext } from './exchange-context.ts';
import { trailingStopPrice } from './fill-model/trailing-stop.ts';
import { isAtMarket } from './is-at-market.ts';
import type { OrderEffects } from './order-effects.ts';
import { isAlive, remainingQty, type Order } from './order.ts';
import { accept, type Outcome } from './refusal.ts';

/** Puts new orders into the places of old ones, each when it reaches the exchange. */
export interface Replacements {
  /**
   * Takes a replacement; it is in its place at once where the exchange needs no time and the market
   * trades the order.
   */
  replace(account: Account, order: Order, body: unknown): Outcome<Order>;
  /** Puts into its place what has reached the exchange, and rejects what came too late. */
  settle(account: Account): void;
  /** Puts a replacement that is on its way into its place at once, or rejects it. */
  hasten(replacement: Order): void;
}

/** `onTakeOver` is told of each replacement that has begun to work. */
export const createReplacements = (
  context: ExchangeContext,
  effects: OrderEffects,
  onTakeOver: (account: Account, replacement: Order) => void,
): Replacements => {
  /**
   * `asked` is what the new order was for when it set out: shares that fill meanwhile are taken
   * off, and a rejected order shows what it was.
   */
  let onTheirWay: { account: Account; order: Order; replacement: Order; asked: Decimal }[] = [];

  /** The new order among its relatives: the other exit of its pair, its parent, its legs. */
  const joinRelatives = (account: Account, order: Order, replacement: Order): void => {
    replacement.sibling_id = order.sibling_id;
    replacement.leg_ids = order.leg_ids;
    const sibling = order.sibling_id === null ? undefined : account.orders.get(order.sibling_id);
    if (sibling) {
      sibling.sibling_id = replacement.id;
      if (isAlive(sibling)) sibling.qty = sibling.filled_qty.plus(replacement.qty);
    }
    const parent = order.parent_id === null ? undefined : account.orders.get(order.parent_id);
    if (parent)
      parent.leg_ids = parent.leg_ids.map((id) => (id === order.id ? replacement.id : id));
    for (const leg of effects.legsOf(account, order)) {
      leg.parent_id = replacement.id;
      // Exits that wait take the new entry's time in force; they stay for all that it and those
      // before it buy, since an entry that has exits keeps its quantity.
      if (leg.works_from !== null) continue;
      leg.time_in_force = replacement.time_in_force;
      leg.expires_at = replacement.expires_at;
    }
  };

  const takeOver = (account: Account, order: Order, replacement: Order): void => {
    order.replacement = null;
    replacement.takes_over_at = null;
    replacement.works_from = order.works_from === null ? null : context.now();
    replacement.triggered = order.triggered;
    replacement.hwm = order.hwm;
    if (replacement.type === 'trailing_stop' && replacement.hwm && !replacement.triggered)
      replacement.stop_price = trailingStopPrice(replacement, replacement.hwm);
    joinRelatives(account, order, replacement);
    account.alive.replace(order, replacement);
    effects.endReplaced(account, order, replacement);
    const isHeld = replacement.status === 'held';
    if (isHeld) effects.announce(account, replacement, 'held');
    else effects.openForTrading(account, replacement);
    effects.recordAccount(account);
    if (!isHeld) onTakeOver(account, replacement);
  };

  /**
   * The old order goes on as it was before the replacement was asked for, or has ended by itself.
   */
  const release = (account: Account, order: Order): void => {
    order.replacement = null;
    account.alive.changed(order);
    if (order.status === 'pending_replace')
      effects.changeStatus(
        account,
        order,
        order.filled_qty.isZero() ? 'new' : 'partially_filled',
        'order_replace_rejected',
      );
    else effects.announce(account, order, 'order_replace_rejected');
  };

  /**
   * Decides one replacement that is on its way: it is rejected once its order is over, and takes
   * over when it arrives, or now where that is `hastened`.
   */
  const settleOne = (
    { account, order, replacement, asked }: (typeof onTheirWay)[number],
    hastened = false,
  ): void => {
    const now = context.now();
    const isTooLate =
      !isAlive(order) ||
      remainingQty(replacement).lte(0) ||
      (replacement.time_in_force !== 'gtc' && replacement.expires_at <= now);
    if (isAlive(replacement) && !isTooLate) {
      if (hastened || (isAtMarket(context, order) && (replacement.takes_over_at as number) <= now))
        takeOver(account, order, replacement);
      return;
    }
    replacement.takes_over_at = null;
    replacement.qty = asked;
    if (isAlive(replacement)) effects.reject(account, replacement);
    release(account, order);
  };

  const forgetEnded = (): void => {
    onTheirWay = onTheirWay.filter(({ replacement }) => replacement.takes_over_at !== null);
  };

  return {
    replace: (account, order, body) => {
      const outcome = createReplacement(context, effects, account, order, body);
      if (!outcome.ok) return outcome;
      const replacement = outcome.value;
      if (replacement.status === 'held') {
        takeOver(account, order, replacement);
        return accept(replacement);
      }
      order.replacement = replacement;
      account.alive.changed(order);
      effects.changeStatus(account, order, 'pending_replace', 'pending_replace');
      effects.announce(
        account,
        replacement,
        replacement.status === 'accepted' ? 'accepted' : 'pending_new',
      );
      effects.recordAccount(account);
      const one = { account, order, replacement, asked: replacement.qty };
      onTheirWay.push(one);
      settleOne(one);
      forgetEnded();
      return accept(replacement);
    },
    settle: (account) => {
      if (onTheirWay.length === 0) return;
      for (const one of onTheirWay) if (one.account === account) settleOne(one);
      forgetEnded();
    },
    hasten: (replacement) => {
      const found = onTheirWay.find((one) => one.replacement === replacement);
      if (found) settleOne(found, true);
      forgetEnded();
    },
  };
};
