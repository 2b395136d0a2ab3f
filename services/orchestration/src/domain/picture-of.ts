import type { PositionPicture } from '@catalyst/charts';
import type { StandingPosition, SymbolStory } from '@catalyst/contracts';
import { fromTimeId, later, type Bar } from '@catalyst/domain';

type StoryOrder = SymbolStory['orders'][number];

export const BAR_MINUTES = 5;
const MINUTE_MS = 60_000;
/** What is drawn before the entry, and after the exit. */
const BEFORE_MS = 60 * MINUTE_MS;
const AFTER_MS = 30 * MINUTE_MS;

/** Where the stop was put, and each move of it that the broker took. */
const stopsOf = (
  { entered_at, initial_stop_price, live_stop_price }: StandingPosition,
  orders: readonly StoryOrder[],
  until: string,
): PositionPicture['stops'] => {
  if (entered_at === null) return [];
  const moves = orders
    .filter(({ role }) => role === 'stop')
    .flatMap(({ changes }) => changes)
    .flatMap(({ occurred_at, from_price, to_price }) =>
      from_price === null || to_price === null
        ? []
        : [{ at: occurred_at, price: Number(to_price) }],
    )
    .toSorted((left, right) => left.at.localeCompare(right.at));
  const first = initial_stop_price ?? live_stop_price;
  const steps = [
    ...(first === null ? [] : [{ at: entered_at, price: Number(first) }]),
    ...moves,
  ].filter(({ price }, index, all) => price !== all[index - 1]?.price);
  // what is live is what counts, where its move was not told yet
  const live = live_stop_price === null ? null : Number(live_stop_price);
  return live === null || live === steps.at(-1)?.price
    ? steps
    : [...steps, { at: until, price: live }];
};

/** One position with its bars and what its orders went through, as a picture is drawn from it. */
export const pictureOf = (
  held: StandingPosition,
  bars: readonly Bar[],
  storyOrders: readonly StoryOrder[],
  now: string,
): PositionPicture => {
  const { symbol, direction, status, entered_at, entry_price, exited_at } = held;
  const orders = storyOrders.filter(({ position_id }) => position_id === held.position_id);
  const from = later(entered_at ?? now, -BEFORE_MS);
  const end = exited_at === null ? now : later(exited_at, AFTER_MS);
  const until = end < now ? end : now;
  const target = held.live_target_price ?? held.target_price;
  return {
    symbol,
    direction,
    qty: status === 'closed' ? held.entered_qty : held.qty,
    bar_minutes: BAR_MINUTES,
    bars: bars
      .map(({ time_id, open, high, low, close }) => ({
        at: fromTimeId(time_id),
        open,
        high,
        low,
        close,
      }))
      .filter(({ at }) => at >= from && at < until),
    entry:
      entered_at === null || entry_price === null
        ? null
        : { at: entered_at, price: Number(entry_price) },
    stops: stopsOf(held, orders, until),
    target: target === null ? null : Number(target),
    fills: orders
      .flatMap(({ side, fills }) =>
        fills.map(({ filled_at, price, qty }) => ({
          at: filled_at,
          price: Number(price),
          qty,
          side,
        })),
      )
      .toSorted((left, right) => left.at.localeCompare(right.at)),
    last:
      held.last_price === null
        ? null
        : { at: held.last_price_at ?? until, price: Number(held.last_price) },
    now: until,
    is_closed: status === 'closed',
  };
};
