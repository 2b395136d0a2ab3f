/** What is compared of a symbol's stories. */
export interface RankedStory {
  article_id: string;
  published_at: string;
  /** 0 to 1. */
  strength: number;
  /** -1 to +1. */
  sentiment: number;
}

/** A newer story turns the view of a stock only when it is this strong ... */
export const TURNING_STRENGTH = 0.5;
/** ... and its sentiment is clear, not the noise of a neutral text. */
export const TURNING_SENTIMENT = 0.3;

/** Strength, then clear sentiment, then who told it first, then the id. */
export const compareStories = (left: RankedStory, right: RankedStory): number =>
  right.strength - left.strength ||
  Math.abs(right.sentiment) - Math.abs(left.sentiment) ||
  (left.published_at < right.published_at
    ? -1
    : left.published_at > right.published_at
      ? 1
      : left.article_id < right.article_id
        ? -1
        : 1);

/**
 * The story that stands for a symbol: the strongest, unless a newer one of the opposite sign turned
 * it. An offering after an upgrade must not hide behind the upgrade because it is a little weaker.
 * Turns are followed to the last one.
 */
export const chooseStory = <S extends RankedStory>(stories: readonly S[]): S | null => {
  const sorted = stories.toSorted(compareStories);
  let chosen = sorted[0] ?? null;
  for (;;) {
    const turn: S | undefined = sorted.find(
      (story) =>
        chosen !== null &&
        story.published_at > chosen.published_at &&
        story.strength > TURNING_STRENGTH &&
        Math.abs(story.sentiment) > TURNING_SENTIMENT &&
        Math.sign(story.sentiment) === -Math.sign(chosen.sentiment),
    );
    if (!turn) return chosen;
    chosen = turn;
  }
};
