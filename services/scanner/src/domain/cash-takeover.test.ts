import { describe, expect, it } from '@jest/globals';
import type { WithTechnical } from './candidate.ts';
import { announcedCashPrice } from './cash-takeover.ts';
import { DEFAULT_FUNNEL_RULES } from './funnel-rules.ts';
import { screenTechnicals } from './funnel.ts';

const FOR_CASH =
  'Northwall to be acquired by Corvane Industries for $203.83 per share in cash, a 22% premium';
const AT_PREMIUM = 'Albion Gate Holdings to acquire Northwall in all-cash deal at 26% premium';
const candidate = (
  headline: string,
  last_price: number,
  gap_ratio: number | null = 0.2,
  catalyst_type: 'merger_acquisition' | 'earnings' = 'merger_acquisition',
): WithTechnical => ({
  symbol: 'AAA',
  last_price: 100,
  average_volume: 2_000_000,
  catalyst: { catalyst_type, strength: 0.95, sentiment: 0.9, article_id: 'a1', headline },
  technical: {
    last_price,
    relative_volume: 9,
    gap_ratio,
    indicators: { sma_20: 90, sma_50: 90, rsi_14: 65, macd_histogram: 1, atr_14: 2 },
  },
});
const reasonOf = (item: WithTechnical): string | undefined =>
  screenTechnicals([item], DEFAULT_FUNNEL_RULES).stopped[0]?.reason;

describe('a takeover for cash', () => {
  it('is refused with its numbers once the price is within 3 % of what is paid', () => {
    expect(reasonOf(candidate(FOR_CASH, 202))).toBe(
      'price was 202.00, -0.898 % from the 203.83 in cash announced per share, not farther than 3 %',
    );
    expect(reasonOf(candidate(FOR_CASH, 209.9))).toContain('2.978 % from the 203.83');
    expect(
      screenTechnicals([candidate(FOR_CASH, 202)], DEFAULT_FUNNEL_RULES).stopped[0],
    ).toMatchObject({ stage: 'technical', code: 'deal_price_reached' });
  });
  it('passes while the price is farther away', () => {
    expect(reasonOf(candidate(FOR_CASH, 190))).toBeUndefined();
    expect(reasonOf(candidate(FOR_CASH, 215))).toBeUndefined();
  });
  it('is reckoned from the premium on the previous close where the headline has no price', () => {
    expect(
      announcedCashPrice(candidate(AT_PREMIUM, 0).catalyst, { last_price: 125, gap_ratio: 0.25 }),
    ).toBeCloseTo(126, 9);
    expect(reasonOf(candidate(AT_PREMIUM, 125, 0.25))).toContain('from the 126.00 in cash');
    expect(reasonOf(candidate(AT_PREMIUM, 110, 0.1))).toBeUndefined();
    expect(reasonOf(candidate(AT_PREMIUM, 125, null))).toBeUndefined();
  });
  it('paid in shares, or no takeover at all, is not this rule’s matter', () => {
    expect(
      reasonOf(candidate('Northwall to be acquired for $203.83 per share in stock', 202)),
    ).toBeUndefined();
    expect(reasonOf(candidate(FOR_CASH, 202, 0.2, 'earnings'))).toBeUndefined();
  });
});
