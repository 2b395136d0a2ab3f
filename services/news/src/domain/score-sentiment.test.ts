import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { referenceData } from '@catalyst/testkit';
import { singleEntityHeadlines } from '../../tests/reference-data.ts';
import { LEXICON } from './lexicon/weighted-phrases.ts';
import { scoreSentiment, toWords } from './score-sentiment.ts';

const folder = referenceData;
const withReference = folder ? it : it.skip;
if (!folder)
  process.stderr.write(
    'left out: the accuracy of the lexicon on SEntFiN, REFERENCE_DATA is not there\n',
  );

describe('the lexicon', () => {
  it.each([
    'Ridgeline beats Q4 estimates, raises full-year guidance',
    "FDA approves Ridgeline's drug for rare disease",
    'Ridgeline to be acquired for $40 per share in cash, a 35% premium',
    'Ridgeline wins $2.1 billion Pentagon contract',
    'Ridgeline tops estimates on record revenue',
    'Ridgeline raises guidance',
    'Ridgeline shares soar after phase 3 trial meets primary endpoint',
    'Ridgeline upgraded to Buy at Goldman Sachs, price target raised to $90',
    'Ridgeline announces $500 million share repurchase program, hikes dividend',
    'Ridgeline to join S&P 500',
  ])('scores "%s" above 0.5', (headline) => {
    expect(scoreSentiment(headline).score).toBeGreaterThan(0.5);
  });

  it.each([
    'Ridgeline prices secondary offering of 10 million shares',
    'Ridgeline misses Q2 estimates, cuts full-year outlook',
    'Ridgeline cuts guidance',
    'Ridgeline plunges after FDA rejects application',
    'Ridgeline files for bankruptcy',
    'Ridgeline beats estimates but cuts guidance',
    'SEC charges Ridgeline with accounting fraud',
    'Ridgeline halts trial after patient death',
    'Ridgeline fails to beat estimates',
    'Ridgeline CFO resigns amid probe',
  ])('scores "%s" below -0.5', (headline) => {
    expect(scoreSentiment(headline).score).toBeLessThan(-0.5);
  });

  it.each([
    'Ridgeline to report second-quarter results on Tuesday',
    'Ridgeline to present at investor conference',
    'Ridgeline names head of sales',
    '',
  ])('calls "%s" neutral', (headline) => {
    expect(scoreSentiment(headline).label).toBe('neutral');
  });

  it.each([
    ['a loss that narrows is good', 'Ridgeline loss narrows', 0.3, 1],
    ['a debt that rises is bad', 'Ridgeline debt rises', -1, -0.3],
    ['what is conceded counts little', 'Ridgeline rises despite weak demand', 0.3, 1],
    ['what is negated turns round', 'Ridgeline sees no growth and no improvement', -1, -0.2],
  ])('knows that %s', (_fact, headline, low, high) => {
    const { score } = scoreSentiment(headline);
    expect(score).toBeGreaterThan(low);
    expect(score).toBeLessThan(high);
  });

  it('lets a summary add to the headline and never overturn a clear one', () => {
    const headline = 'Ridgeline beats estimates, raises guidance';
    expect(scoreSentiment(headline, 'Shares were down and weak before.').score).toBeGreaterThan(
      0.5,
    );
    expect(
      scoreSentiment('Ridgeline update', 'The FDA approves the drug; shares surge.').score,
    ).toBeGreaterThan(0.3);
  });

  // The words were chosen with a look at this set, so this is a floor against decay, not an
  // estimate for other headlines.
  withReference(
    'agrees with at least 77 % of the 7,906 single-entity headlines of SEntFiN, and contradicts at most 2.5 %',
    () => {
      const rows = singleEntityHeadlines(folder!);
      expect(rows).toHaveLength(7906);
      let right = 0;
      let opposite = 0;
      for (const { headline, label } of rows) {
        const said = scoreSentiment(headline).label;
        if (said === label) right += 1;
        else if (said !== 'neutral' && label !== 'neutral') opposite += 1;
      }
      expect(right / rows.length).toBeGreaterThan(0.77);
      expect(opposite / rows.length).toBeLessThan(0.025);
    },
  );

  it('stays within -1 and +1 and answers the same twice, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.array(fc.constantFrom(...LEXICON.keys()), { maxLength: 12 }),
        (noise, phrases) => {
          const text = `${noise} ${phrases.join(' ')}`;
          const { score, scored_by } = scoreSentiment(text, noise);
          expect(Math.abs(score)).toBeLessThanOrEqual(1);
          expect(scored_by).toBe('lexicon');
          expect(scoreSentiment(text, noise).score).toBe(score);
        },
      ),
    );
  });

  it('holds every key as the text is read, so that none is dead', () => {
    for (const key of LEXICON.keys()) expect(toWords(key).join(' ')).toBe(key);
    expect(LEXICON.size).toBeGreaterThan(600);
  });
});
