import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  contentHash,
  findDuplicate,
  isNearDuplicate,
  jaccard,
  normalizeText,
  shingles,
} from './duplicate.ts';

describe('a repeated story', () => {
  it('has the same hash whatever its case, punctuation, typography and links', () => {
    expect(contentHash("Ridgeline's Q2 profit: up 12%!", 'See https://example.com/a')).toBe(
      contentHash('RIDGELINE’S  q2 profit — up 12%', 'see'),
    );
    expect(contentHash('a', 'b')).not.toBe(contentHash('a b', ''));
    expect(contentHash('')).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    [
      'one word more',
      'Ridgeline wins $2.1 billion Pentagon contract for drones',
      'Ridgeline wins $2.1 billion Pentagon contract for new drones',
      true,
    ],
    [
      'another percentage',
      'Ridgeline second-quarter profit rises 5% on strong demand',
      'Ridgeline second-quarter profit rises 7% on strong demand',
      false,
    ],
    [
      'another company',
      'Goldman upgrades Ridgeline to Buy',
      'Goldman upgrades Northwall to Buy',
      false,
    ],
    ['another story', 'Ridgeline wins contract', 'Ridgeline names new chief executive', false],
  ])('with %s', (_title, left, right, expected) => {
    expect(isNearDuplicate(left, right)).toBe(expected);
  });

  it('names the earlier story: the same content before the most alike, the first of equals', () => {
    const headline = 'Ridgeline wins Pentagon contract for drones';
    const earlier = [
      { id: 'a', content_hash: '1', headline: 'Ridgeline wins Pentagon contract for new drones' },
      { id: 'b', content_hash: '2', headline },
      { id: 'c', content_hash: '3', headline },
    ];
    expect(findDuplicate({ content_hash: '3', headline: 'anything' }, earlier)).toMatchObject({
      duplicate_of: 'c',
      kind: 'same_content',
    });
    expect(findDuplicate({ content_hash: '9', headline }, earlier)).toEqual({
      duplicate: true,
      kind: 'near',
      duplicate_of: 'b',
      similarity: 1,
    });
    expect(
      findDuplicate({ content_hash: '9', headline: 'Northwall cuts outlook' }, earlier),
    ).toEqual({ duplicate: false });
    expect(
      findDuplicate({ content_hash: '9', headline: '' }, [
        { id: 'a', content_hash: '1', headline: '' },
      ]),
    ).toEqual({ duplicate: false });
  });

  it('is as like the other as the other is like it, and normalizing twice changes nothing', () => {
    const text = fc
      .array(
        fc.constantFrom('ridgeline', 'wins', 'a', 'contract', '5%', "today's", '$3.5', 'naïve'),
        { maxLength: 12 },
      )
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, fc.string(), (left, right, noise) => {
        expect(isNearDuplicate(left, right)).toBe(isNearDuplicate(right, left));
        const similarity = jaccard(shingles(left), shingles(right));
        expect(similarity).toBeGreaterThanOrEqual(0);
        expect(similarity).toBeLessThanOrEqual(1);
        if (normalizeText(left) !== '') expect(isNearDuplicate(left, left)).toBe(true);
        expect(normalizeText(normalizeText(left))).toBe(normalizeText(left));
        expect(contentHash(noise)).toBe(contentHash(` ${noise} `));
      }),
    );
  });
});
