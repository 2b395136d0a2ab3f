import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catalystTypes } from '@catalyst/domain';
import {
  classifyCatalyst,
  largestDollars,
  largestPercent,
  STRENGTH_WEIGHTS,
  TYPE_WEIGHTS,
} from './classify-catalyst.ts';

const read = (headline: string, summary = '') =>
  classifyCatalyst({ headline, summary, source_weight: 0.8, age_minutes: 60 });

const MEASURED_US = 50_000;

describe('a catalyst', () => {
  it.each([
    ['earnings', 'Ridgeline beats Q4 estimates, raises full-year guidance'],
    ['earnings', 'Ridgeline second-quarter profit rises 12%'],
    ['guidance', 'Ridgeline cuts full-year outlook'],
    ['guidance', 'Ridgeline raises annual revenue forecast'],
    ['fda', "FDA approves Ridgeline's drug"],
    ['fda', 'Ridgeline phase 3 trial fails to meet primary endpoint'],
    ['merger_acquisition', 'Ridgeline to be acquired for $40 per share in cash, a 35% premium'],
    ['merger_acquisition', 'Ridgeline in talks to merge? Takeover interest reported'],
    ['analyst', 'Goldman upgrades Ridgeline to Buy, price target $90'],
    ['contract_product', 'Ridgeline wins $2.1 billion Pentagon contract'],
    ['contract_product', 'Ridgeline launches new chip for data centers'],
    ['legal', 'Jury finds Ridgeline liable in patent infringement suit'],
    ['offering_buyback', 'Ridgeline prices secondary offering of 10 million shares'],
    ['offering_buyback', 'Ridgeline announces $500 million buyback'],
    ['insider', 'Ridgeline CEO buys 100,000 shares, Form 4 shows'],
    ['management', 'Ridgeline names Jane Doe chief executive'],
    ['management', 'Ridgeline CEO steps down'],
    ['index', 'Ridgeline to join the S&P 500'],
    ['other', 'Ridgeline opens a second office in Ohio'],
  ])('is %s: %s', (type, headline) => {
    expect(read(headline).catalyst_type).toBe(type);
  });

  it.each([
    'Ridgeline beats Q4 estimates, raises full-year guidance',
    "FDA approves Ridgeline's drug",
    'Ridgeline to be acquired for $40 per share in cash, a 35% premium',
    'Ridgeline wins $2.1 billion Pentagon contract',
    'Ridgeline prices secondary offering of 10 million shares at a 20% discount',
  ])('that is a fact is strong (above 0.7): %s', (headline) => {
    expect(read(headline).strength).toBeGreaterThan(0.7);
  });

  it.each([
    'Ridgeline to report Q4 earnings on Tuesday',
    'Ridgeline said to be exploring a sale, could be acquired',
    'Should you buy Ridgeline ahead of earnings?',
    'Analyst reiterates Hold on Ridgeline',
    'Ridgeline opens a second office in Ohio',
  ])('that is a preview, a rumour or small is not strong: %s', (headline) => {
    expect(read(headline).strength).toBeLessThan(0.7);
  });

  it('weakens with age and with a source of less weight, and grows with its numbers', () => {
    const at = (
      age_minutes: number,
      source_weight: number,
      headline = 'Ridgeline wins contract',
    ): number => classifyCatalyst({ headline, source_weight, age_minutes }).strength;
    expect(at(1440, 0.8)).toBeLessThan(at(60, 0.8));
    expect(at(60, 0.2)).toBeLessThan(at(60, 0.8));
    expect(at(60, 0.8, 'Ridgeline wins $5 million contract')).toBeLessThan(
      at(60, 0.8, 'Ridgeline wins $2.1 billion contract'),
    );
  });

  it('names the other kinds that the text speaks of, and its numbers', () => {
    const catalyst = read(
      'Ridgeline beats estimates, raises guidance, revenue up 18.5%, wins $1,200 million contract',
    );
    expect(catalyst.also).toEqual(['guidance', 'contract_product']);
    expect(catalyst.evidence).toEqual({
      matched: 'beats estimates',
      percent: 18.5,
      dollars: 1.2e9,
    });
  });

  it('that only the summary mentions counts less than one in the headline', () => {
    const inSummary = read('Ridgeline shares move', 'The FDA approved its drug.');
    expect(inSummary.catalyst_type).toBe('fda');
    expect(inSummary.strength).toBeLessThan(read('FDA approved Ridgeline drug').strength);
  });

  it.each([
    ['up 7 per cent', 7, null],
    ['$40 per share', null, null],
    ['$300M and €5bn', null, 3e8],
    ['1,250% and $2.1 billion', 1250, 2.1e9],
    ['nothing', null, null],
  ])('reads the numbers of "%s"', (text, percent, dollars) => {
    expect([largestPercent(text), largestDollars(text)]).toEqual([percent, dollars]);
  });

  it('has a strength of 0 to 1 whatever the text, and weights that add up to 1', () => {
    expect(Object.values(STRENGTH_WEIGHTS).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(
      1,
      12,
    );
    expect(Object.keys(TYPE_WEIGHTS).sort()).toEqual([...catalystTypes].sort());
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.double({ min: -1, max: 2 }),
        fc.integer({ min: -100, max: 5000 }),
        (headline, source_weight, age_minutes) => {
          const { strength, parts } = classifyCatalyst({ headline, source_weight, age_minutes });
          expect(strength).toBeGreaterThanOrEqual(0);
          expect(strength).toBeLessThanOrEqual(1);
          for (const part of Object.values(parts)) expect(part >= 0 && part <= 1).toBe(true);
        },
      ),
    );
  });

  it('takes a hostile headline in work that grows with its length, not with its square', () => {
    const hostile = (times: number): string[] => [
      'names '.repeat(times),
      'ceo a '.repeat(times),
      'beats x x '.repeat(times),
      `$${'1,'.repeat(times)}`,
    ];
    // processor time is told in steps of some milliseconds, so that one reading may seem to take none
    const work = (texts: readonly string[]): number => {
      const before = process.cpuUsage();
      for (let times = 1; ; times += 1) {
        for (const text of texts) read(text);
        const { user } = process.cpuUsage(before);
        if (user >= MEASURED_US) return user / times;
      }
    };
    const fastest = (texts: readonly string[]): number =>
      Math.min(...Array.from({ length: 3 }, () => work(texts)));
    // thirty-two times the length: far from the square's thousandfold time. The processor's time is
    // compared, since a busy machine stretches the longer of two spans of the clock more
    expect(fastest(hostile(64_000)) / fastest(hostile(2_000))).toBeLessThan(200);
  });
});
