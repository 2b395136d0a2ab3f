import { compare } from '@catalyst/domain';
import type { ClosedPosition } from './trade.ts';

export interface NewsOutcome {
  symbol: string;
  headline: string;
  sentiment: number;
  /**
   * True when the price went the way that the news suggested between entry and exit; null when
   * either did not point anywhere.
   */
  was_right: boolean | null;
}

type Told = Pick<
  ClosedPosition,
  'symbol' | 'headline' | 'sentiment' | 'entry_price' | 'exit_price'
>;

/**
 * The news behind each traded symbol and whether it was right; a story traded twice is judged by
 * its first trade.
 */
export const newsOutcomes = (positions: readonly Told[]): NewsOutcome[] => {
  const told = new Map<string, NewsOutcome>();
  for (const { symbol, headline, sentiment, entry_price, exit_price } of positions) {
    if (headline === null || sentiment === null) continue;
    const key = `${symbol} ${headline}`;
    const move = compare(exit_price, entry_price);
    if (!told.has(key))
      told.set(key, {
        symbol,
        headline,
        sentiment,
        was_right: sentiment === 0 || move === 0 ? null : Math.sign(sentiment) === move,
      });
  }
  return [...told.values()];
};
