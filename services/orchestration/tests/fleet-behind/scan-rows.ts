import { stableId } from '@catalyst/domain';
import { AT, CYCLE_ID, HOSTILE_HEADLINE } from './desk-rows.ts';

export const candidate = {
  symbol: 'ACME',
  stage: 'ranking',
  passed: true,
  reason: 'rank 1 with a composite score of 0.830',
  rank: 1,
  composite_score: 0.83,
  catalyst_type: 'earnings',
  catalyst_strength: 0.9,
  sentiment: 0.8,
  article_id: 'a-1',
  headline: HOSTILE_HEADLINE,
  technical: null,
  pattern: null,
};
export const scan = {
  scan_id: stableId('scan'),
  cycle_id: CYCLE_ID,
  phase: 'pre_market',
  session_date: null,
  status: 'complete',
  started_at: AT,
  completed_at: AT,
  counts: { universe: 100, catalyst: 35, technical: 20, pattern: 10, ranking: 1 },
  degraded: [],
  results: [
    candidate,
    {
      ...candidate,
      symbol: 'BOLT',
      passed: false,
      stage: 'catalyst',
      rank: null,
      composite_score: null,
      headline: null,
      article_id: null,
      reason: 'strength 0.2 is below 0.7',
    },
  ],
};
/** Numbers as binary fractions leave them, and words as long as they are. */
const fullCandidate = (symbol: string, rank: number | null) => ({
  symbol,
  stage: rank === null ? 'technical' : 'ranking',
  passed: rank !== null,
  reason:
    rank === null
      ? 'rsi_14 was 78.81239874512, above 70'
      : `rank ${rank}, contract_product catalyst, confidence 0.94; gap_and_hold at 64.38928571428572, relative volume 4.7`,
  rank,
  composite_score: 0.8312345678901234,
  catalyst_type: 'contract_product',
  catalyst_strength: 0.9123456789,
  sentiment: 0.8123456789,
  article_id: stableId('article', symbol),
  headline: `${symbol} Holdings wins a $2.4 billion contract and raises its guidance for the full year`,
  technical: {
    symbol,
    phase: 'pre_market',
    timeframe: '1day',
    as_of: AT,
    bars: 252,
    last_price: 64.38928571428572,
    relative_volume: 4.712345678901,
    gap_ratio: 0.0612345678901,
    indicators: Object.fromEntries(
      'sma_20 sma_50 sma_200 ema_9 ema_21 rsi_14 macd macd_signal macd_histogram atr_14 bollinger_upper bollinger_middle bollinger_lower obv volume_ratio'
        .split(' ')
        .map((name, index) => [name, 61.23456789012 + index]),
    ),
  },
  pattern: {
    symbol,
    pattern: 'opening_range_breakout',
    timeframe: '5min',
    confidence: 0.9412345678,
    level: 64.38928571428572,
    entry: 64.39928571428572,
    stop: 63.12345678901234,
    target: 66.98765432109876,
    reward_to_risk: 2.0312345678,
    evidence: Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [
        `part_of_confidence_${index}`,
        0.912345678 + index,
      ]),
    ),
    detected_at: AT,
  },
});
export const fullScan = {
  ...scan,
  counts: { universe: 100, catalyst: 35, technical: 20, pattern: 10, ranking: 5 },
  results: Array.from({ length: 100 }, (_, index) =>
    fullCandidate(
      `CO${String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26))}`,
      index < 5 ? index + 1 : null,
    ),
  ),
};
