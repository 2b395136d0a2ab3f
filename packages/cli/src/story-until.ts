import type { SymbolStory } from '@catalyst/contracts';
import { inNewYork, type Instant } from '@catalyst/domain';

/**
 * The part of a story that had happened by an instant. Its verdict is what the last scan until then
 * made of the stock, since how the day ended was not known yet.
 */
export const storyUntil = (story: SymbolStory, at: Instant): SymbolStory => {
  const by = (happened_at: Instant | null): boolean => happened_at !== null && happened_at <= at;
  const scans = story.scans.filter(({ completed_at }) => by(completed_at));
  const last = scans.at(-1);
  const orders = story.orders
    .filter(({ created_at }) => by(created_at))
    .map((order) => ({
      ...order,
      changes: order.changes.filter(({ occurred_at }) => by(occurred_at)),
      fills: order.fills.filter(({ filled_at }) => by(filled_at)),
    }));
  return {
    ...story,
    verdict: `by ${inNewYork(at).clock}: ${last === undefined ? 'no scan had looked at it yet' : `${last.passed ? 'chosen' : 'out'} at the stage ${last.stage}: ${last.reason}`}`,
    news: story.news.filter(({ first_seen_at }) => by(first_seen_at)),
    scans,
    decisions: story.decisions.filter(({ decided_at }) => by(decided_at)),
    signals: story.signals.filter(({ created_at }) => by(created_at)),
    reviews: story.reviews.filter(({ decided_at }) => by(decided_at)),
    // what became of a proposal later is not told
    proposals: story.proposals
      .filter(({ created_at }) => by(created_at))
      .map((one) => ({ ...one, state: 'waiting' as const, outcome: null })),
    orders,
    // a result is known once it is closed
    positions: story.positions.filter(({ exited_at }) => by(exited_at)),
    afterwards: null,
  };
};
