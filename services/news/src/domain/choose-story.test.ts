import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseStory, type RankedStory } from './choose-story.ts';

const story = (
  article_id: string,
  clock: string,
  strength: number,
  sentiment: number,
): RankedStory => ({
  article_id,
  published_at: `2026-03-24T${clock}:00.000Z`,
  strength,
  sentiment,
});
const idOf = (...stories: RankedStory[]): string | undefined => chooseStory(stories)?.article_id;

describe('the story that stands for a symbol', () => {
  it('is the strongest, then the clearest, then the first told, then the lowest id', () => {
    expect(idOf(story('a', '10:00', 0.6, 0.9), story('b', '09:00', 0.8, 0.6))).toBe('b');
    expect(idOf(story('a', '10:00', 0.8, 0.6), story('b', '11:00', 0.8, 0.9))).toBe('b');
    expect(idOf(story('a', '10:00', 0.8, 0.6), story('b', '09:00', 0.8, 0.6))).toBe('b');
    expect(idOf(story('b', '09:00', 0.8, 0.6), story('a', '09:00', 0.8, 0.6))).toBe('a');
    expect(chooseStory([])).toBeNull();
  });

  it('is a fresh bad story after a stronger good one, and the other way round', () => {
    expect(idOf(story('beat', '09:00', 0.95, 0.9), story('offering', '10:00', 0.6, -0.7))).toBe(
      'offering',
    );
    expect(idOf(story('recall', '09:00', 0.95, -0.9), story('cleared', '10:00', 0.6, 0.7))).toBe(
      'cleared',
    );
  });

  it.each([
    ['an older one', story('offering', '08:00', 0.6, -0.7)],
    ['a weak one', story('offering', '10:00', 0.5, -0.7)],
    ['one that says nothing clear', story('webcast', '10:00', 0.6, -0.2)],
    ['one that agrees', story('upgrade', '10:00', 0.6, 0.7)],
  ])('is not turned by %s', (_title, other) => {
    expect(idOf(story('beat', '09:00', 0.95, 0.9), other)).toBe('beat');
  });

  it('follows turn after turn', () => {
    expect(
      idOf(
        story('beat', '09:00', 0.95, 0.9),
        story('offering', '10:00', 0.8, -0.7),
        story('offering-withdrawn', '11:00', 0.6, 0.8),
      ),
    ).toBe('offering-withdrawn');
  });

  it('does not depend on the order given', () => {
    const anyStory = fc.record({
      article_id: fc.uuid(),
      published_at: fc.constantFrom(
        '2026-03-24T09:00:00.000Z',
        '2026-03-24T10:00:00.000Z',
        '2026-03-24T11:00:00.000Z',
      ),
      strength: fc.constantFrom(0.2, 0.6, 0.9),
      sentiment: fc.constantFrom(-0.8, -0.1, 0, 0.4, 0.8),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(anyStory, { selector: (item) => item.article_id, maxLength: 8 }),
        (stories) => {
          expect(chooseStory(stories.toReversed())).toEqual(chooseStory(stories));
        },
      ),
    );
  });
});
