import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sanitizeText } from './sanitize-text.ts';

describe('news text', () => {
  it.each([
    ['tags', '<p>Ridgeline <b>wins</b></p><p>contract</p>', 'Ridgeline wins contract'],
    ['scripts and styles', 'a<script>alert(1)</script><style>b{}</style> c', 'a c'],
    [
      'links but not their text',
      '<a href="https://evil.example">Ridgeline</a> wins',
      'Ridgeline wins',
    ],
    ['images', 'a <img src="https://evil.example/pixel.png" alt="x"> b', 'a b'],
    ['entities, decoded', 'AT&amp;T &lt;up&gt; 5&#37;', 'AT&T <up> 5%'],
    ['controls and hidden characters', 'a\u0000b\u200Bc\u202Ed\uFEFF\u001B[31m', 'abcd[31m'],
    ['headings in capitals', '<h1>Ridgeline</h1>', 'Ridgeline'],
    ['doubled blanks', ' a \n\n\t b ', 'a b'],
  ])('loses %s', (_title, text, expected) => {
    expect(sanitizeText(text)).toBe(expected);
  });

  it('is cut at its length, by whole characters', () => {
    expect(sanitizeText('abcdefgh', 5)).toBe('abcd…');
    expect(sanitizeText('😀😀😀', 2)).toBe('😀…');
  });

  it('survives deep nesting and never holds a control character', () => {
    expect(() => sanitizeText('<div>'.repeat(20_000))).not.toThrow();
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 1, max: 50 }),
        (text, length) => {
          const clean = sanitizeText(text, length);
          expect(clean).not.toMatch(/[\p{Cc}\u200B-\u200F\u202A-\u202E]/u);
          expect([...clean].length).toBeLessThanOrEqual(length);
        },
      ),
    );
  });
});
