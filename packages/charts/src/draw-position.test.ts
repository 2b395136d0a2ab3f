import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawPng } from './draw-png.ts';
import { drawPosition } from './draw-position.ts';
import { BY_PAGE, DARK, LIGHT } from './palettes.ts';
import type { PositionPicture } from './position-picture.ts';
import { spread } from './scales.ts';
import { svgText, type SvgNode } from './svg-node.ts';

const at = (minute: number) =>
  new Date(Date.parse('2026-03-10T13:30:00Z') + minute * 60_000).toISOString();
const cents = fc.integer({ min: 1, max: 90_000_000 }).map((value) => value / 100);
const minute = fc.integer({ min: -300, max: 480 }).map(at);
const bar = fc
  .tuple(minute, cents, cents, cents, cents)
  .map(([start, open, close, one, other]) => ({
    at: start,
    open,
    close,
    high: Math.max(open, close, one, other),
    low: Math.min(open, close, one, other),
  }));
const picture: fc.Arbitrary<PositionPicture> = fc.record({
  symbol: fc.string({ minLength: 1, maxLength: 12 }),
  direction: fc.constantFrom('long', 'short'),
  qty: fc.integer({ min: 1, max: 1_000_000 }).map(String),
  bar_minutes: fc.constant(5),
  bars: fc
    .array(bar, { maxLength: 40 })
    .map((bars) => bars.toSorted((left, right) => left.at.localeCompare(right.at))),
  entry: fc.option(fc.record({ at: minute, price: cents })),
  stops: fc.array(fc.record({ at: minute, price: cents }), { maxLength: 4 }),
  target: fc.option(cents),
  fills: fc.array(
    fc.record({
      at: minute,
      price: cents,
      qty: fc.constant('10'),
      side: fc.constantFrom('buy', 'sell'),
    }),
    { maxLength: 4 },
  ),
  last: fc.option(fc.record({ at: minute, price: cents })),
  now: minute,
  is_closed: fc.boolean(),
});
const HELD: PositionPicture = {
  symbol: 'ACME',
  direction: 'long',
  qty: '398',
  bar_minutes: 5,
  bars: [0, 5, 10, 20].map((start, index) => ({
    at: at(start),
    open: 41 + index / 10,
    high: 41.3 + index / 10,
    low: 40.9 + index / 10,
    close: 41.2 + index / 10,
  })),
  entry: { at: at(7), price: 41.17 },
  stops: [
    { at: at(7), price: 40.3 },
    { at: at(18), price: 41.25 },
  ],
  target: 42.5,
  fills: [{ at: at(7), price: 41.17, qty: '398', side: 'buy' }],
  last: { at: at(24), price: 41.5 },
  now: at(25),
  is_closed: false,
};
const look = { palette: LIGHT, width: 720, height: 320, id: 'one' };
const all = (node: SvgNode): SvgNode[] => [
  node,
  ...node.children.flatMap((child) => (typeof child === 'string' ? [] : all(child))),
];
const words = (node: SvgNode): string[] =>
  all(node).flatMap(({ tag, children }) =>
    tag === 'text' ? children.filter((child) => typeof child === 'string') : [],
  );

describe('the picture of a position', () => {
  it('is drawn for whatever there is, within its bounds, on a phone and on a desk', () => {
    fc.assert(
      fc.property(picture, fc.constantFrom(320, 358, 720, 1200), (given, width) => {
        const drawn = drawPosition(given, { ...look, width, height: 280 });
        expect(svgText(drawn)).not.toMatch(/NaN|Infinity|undefined|null/);
        for (const { tag, attributes } of all(drawn)) {
          const { x, y } = attributes;
          if (tag !== 'text') continue;
          expect(Number(x)).toBeGreaterThan(0);
          expect(Number(x)).toBeLessThan(width);
          expect(Number(y)).toBeGreaterThan(0);
          expect(Number(y)).toBeLessThan(281);
        }
      }),
    );
  });
  it('names each level with its price on the tick, and says all of it in words', () => {
    const drawn = drawPosition(HELD, look);
    expect(words(drawn)).toEqual(
      expect.arrayContaining(['entry 41.17', 'stop 41.25', 'target 42.50', 'now 41.50', '09:40']),
    );
    const [title, desc] = ['title', 'desc'].map(
      (wanted) => all(drawn).find(({ tag }) => tag === wanted)!.children[0],
    );
    expect(title).toBe('ACME long 398');
    expect(desc).toBe(
      '4 bars of 5 minutes from 09:30 New York time, between 40.90 and 41.60. Entered at 41.17, 09:37. Stop 40.30 from 09:37, then 41.25 from 09:48. Target 42.50. Filled: buy 398 at 41.17, 09:37. Last 41.50, 09:54.',
    );
    expect(drawn.attributes).toMatchObject({
      role: 'img',
      'aria-labelledby': 'one-title one-desc',
    });
  });
  it('steps where the stop moved, and leaves room where nothing was traded', () => {
    const parts = all(drawPosition(HELD, look));
    const steps = parts.filter(({ attributes }) => attributes['stroke-width'] === 2);
    expect(steps).toHaveLength(1);
    expect(String(steps[0]!.attributes.d)).toMatch(/^M\S+ \S+H\S+V\S+H\S+$/);
    const middles = parts
      .filter(({ tag, children }) => tag === 'g' && children.length === 3)
      .map(({ children }) => Number((children[0] as SvgNode).attributes.x1));
    const [first, second, third, fourth] = middles as [number, number, number, number];
    expect(second - first).toBeCloseTo(third - second);
    expect(fourth - third).toBeCloseTo(2 * (second - first));
  });
  it('tells the edge from which a target that is far away is, and never lets it flatten the rest', () => {
    const [near, far] = [HELD, { ...HELD, target: 900 }].map((given) =>
      all(drawPosition(given, look)).filter(({ attributes }) => attributes['font-size'] === 11),
    );
    const labelled = far!.find(({ children }) => children[0] === 'target 900.00')!;
    expect(Number(labelled.attributes.y)).toBeLessThan(45);
    expect(near!.length).toBeGreaterThan(5);
  });
  it('holds outside words as text only', () => {
    const text = svgText(drawPosition({ ...HELD, symbol: '</title><script>"' }, look));
    expect(text).not.toContain('<script');
    expect(text).toContain('&lt;/title&gt;&lt;script&gt;&quot;');
  });
  it('tells rising from falling bars, and the levels from each other, without color', () => {
    const falling = { ...HELD.bars[3]!, open: 41.6, close: 41.2 };
    const gray = Object.fromEntries(
      Object.keys(LIGHT).map((part) => [part, part === 'background' ? '#fff' : '#000']),
    ) as unknown as typeof LIGHT;
    const parts = all(
      drawPosition({ ...HELD, bars: [HELD.bars[0]!, falling] }, { ...look, palette: gray }),
    );
    const bodies = parts.filter(({ tag, attributes }) => tag === 'rect' && 'x' in attributes);
    expect(bodies.map(({ attributes }) => attributes.fill)).toEqual(['#fff', '#000']);
    const dashes = parts.flatMap(({ attributes }) => attributes['stroke-dasharray'] ?? []);
    expect(new Set(dashes).size).toBe(3);
  });
  it('takes its colors from the page where it is part of one', () => {
    expect(svgText(drawPosition(HELD, { ...look, palette: BY_PAGE }))).toContain(
      'var(--chart-stop, #b42318)',
    );
  });
});

describe('labels', () => {
  it('never cover each other, as long as there is room for all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 8 }),
        (ys) => {
          const placed = spread(
            ys.map((y) => ({ y })),
            15,
            0,
            300,
          );
          for (const [index, { y }] of placed.entries()) {
            expect(y).toBeGreaterThanOrEqual(-1e-9);
            expect(y).toBeLessThanOrEqual(300 + 1e-9);
            if (index > 0) expect(y - placed[index - 1]!.y).toBeGreaterThanOrEqual(15 - 1e-9);
          }
        },
      ),
    );
  });
});

describe('as PNG', () => {
  const png = (given: PositionPicture, palette = DARK) =>
    drawPng(svgText(drawPosition(given, { ...look, palette })));
  it('has its words on a machine without fonts', () => {
    const picture = png(HELD);
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    // twice its own size, and small enough to be sent
    expect(picture.readUInt32BE(16)).toBe(1440);
    expect(picture.length).toBeLessThan(80_000);
    expect(png({ ...HELD, symbol: 'BOLT' }).equals(picture)).toBe(false);
    expect(png(HELD).equals(picture)).toBe(true);
  });
});
