import { describePosition, pictureTitle } from './describe-position.ts';
import { drawLevels } from './draw-levels.ts';
import type { Palette } from './palettes.ts';
import type { Plot } from './plot.ts';
import type { PositionPicture } from './position-picture.ts';
import { clockTime, price, priceTicks, timeTicks } from './scales.ts';
import { element, type SvgNode } from './svg-node.ts';

export interface Look {
  palette: Palette;
  width: number;
  height: number;
  /** Distinguishes this picture's ids on a page that has several. */
  id: string;
}

const MINUTE = 60_000;
const FONT = 'Inter, ui-sans-serif, system-ui, sans-serif';
/** A picture of less than this is one wide bar. */
const LEAST_BARS = 9;
/** A target farther away than this many heights of all else is told at the edge, not drawn to scale. */
const FAR = 1.5;

/** What must be seen, whatever the target is. */
const nearPrices = ({ bars, entry, stops, fills, last }: PositionPicture): number[] => [
  ...bars.flatMap(({ high, low }) => [high, low]),
  ...stops.map((stop) => stop.price),
  ...fills.map((fill) => fill.price),
  ...(entry ? [entry.price] : []),
  ...(last ? [last.price] : []),
];

/** Lowest and highest price that is drawn, with air around it; null where no price is known. */
const priceRange = (given: PositionPicture): [number, number] | null => {
  const near = nearPrices(given);
  const { target } = given;
  if (near.length === 0) {
    if (target === null) return null;
    near.push(target);
  }
  let [low, high] = [Math.min(...near), Math.max(...near)];
  const reach = (high - low) * FAR;
  if (target !== null && target > low - reach && target < high + reach)
    [low, high] = [Math.min(low, target), Math.max(high, target)];
  const air = Math.max((high - low) * 0.07, high * 0.001, 0.0005);
  return [Math.max(0, low - air), high + air];
};

const timeRange = ({ bars, bar_minutes, entry, now }: PositionPicture): [number, number] => {
  const bar = bar_minutes * MINUTE;
  const end = Math.max(Date.parse(now), ...bars.slice(-1).map(({ at }) => Date.parse(at) + bar));
  const start = Math.min(
    end - LEAST_BARS * bar,
    ...[...bars.slice(0, 1), ...(entry ? [entry] : [])].map(({ at }) => Date.parse(at)),
  );
  return [start, end];
};

const drawAxes = (
  plot: Plot,
  low: number,
  high: number,
  from: number,
  to: number,
  { palette }: Look,
): SvgNode[] => {
  const { left, right, top, bottom, x, y } = plot;
  const label = { fill: palette.muted, 'font-size': 11 };
  const times = timeTicks(from, to, Math.floor((right - left) / 64)).filter(
    (at) => x(at) > left + 14 && x(at) < right - 12,
  );
  return [
    ...priceTicks(low, high, Math.floor((bottom - top) / 44)).flatMap((value) => [
      element('line', { x1: left, x2: right, y1: y(value), y2: y(value), stroke: palette.grid }),
      element(
        'text',
        { ...label, x: left - 6, y: y(value) + 4, 'text-anchor': 'end' },
        price(value),
      ),
    ]),
    element('line', { x1: left, x2: right, y1: bottom, y2: bottom, stroke: palette.muted }),
    ...times.flatMap((at) => [
      element('line', { x1: x(at), x2: x(at), y1: bottom, y2: bottom + 4, stroke: palette.muted }),
      element(
        'text',
        { ...label, x: x(at), y: bottom + 17, 'text-anchor': 'middle' },
        clockTime(at),
      ),
    ]),
    element('text', { ...label, x: right + 6, y: bottom + 17 }, 'New York'),
  ];
};

/** A rising bar is hollow, a falling one filled: they are told apart without their color. */
const drawBars = (
  { bars, bar_minutes }: PositionPicture,
  { x, y }: Plot,
  { palette }: Look,
): SvgNode[] => {
  const slot = x(bar_minutes * MINUTE) - x(0);
  const body = Math.min(14, Math.max(1.5, slot * 0.66));
  return bars.map(({ at, open, high, low, close }) => {
    const middle = x(Date.parse(at) + (bar_minutes * MINUTE) / 2);
    const isRising = close >= open;
    const color = isRising ? palette.rising : palette.falling;
    const [top, bottom] = [y(Math.max(open, close)), y(Math.min(open, close))];
    return element(
      'g',
      { stroke: color, 'stroke-width': 1 },
      element('line', { x1: middle, x2: middle, y1: y(high), y2: top }),
      element('line', { x1: middle, x2: middle, y1: bottom, y2: y(low) }),
      element('rect', {
        x: middle - body / 2,
        y: top,
        width: body,
        height: Math.max(1, bottom - top),
        fill: isRising ? palette.background : color,
      }),
    );
  });
};

const cut = (text: string, room: number, size: number): string => {
  const most = Math.max(4, Math.floor(room / (size * 0.58)));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

/**
 * One position: its price bars with entry, stop and how it moved, target, fills and the last price.
 * The same data is always the same picture.
 */
export const drawPosition = (given: PositionPicture, look: Look): SvgNode => {
  const { width, height, palette, id } = look;
  const prices = priceRange(given);
  const [low, high] = prices ?? [0, 1];
  const [from, to] = timeRange(given);
  const axis = 14 + 6.6 * price(high).length;
  const [left, right, top, bottom] = [axis, width - 98, 34, height - 26];
  const plot: Plot = {
    left,
    right,
    top,
    bottom,
    x: (at) => left + ((at - from) / (to - from)) * (right - left),
    y: (value) => bottom - ((value - low) / (high - low)) * (bottom - top),
  };
  const small = `${given.bar_minutes}-minute bars: hollow rose, filled fell`;
  const title = cut(pictureTitle(given), width - 20, 14);
  const room = width - 24 - title.length * 8.4;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
      'font-family': FONT,
    },
    element('title', { id: `${id}-title` }, pictureTitle(given)),
    element('desc', { id: `${id}-desc` }, describePosition(given)),
    element('rect', { width, height, fill: palette.background }),
    element(
      'text',
      { x: 10, y: 20, fill: palette.ink, 'font-size': 14, 'font-weight': 600 },
      title,
    ),
    ...(room > small.length * 5.9
      ? [
          element(
            'text',
            { x: width - 10, y: 20, fill: palette.muted, 'font-size': 11, 'text-anchor': 'end' },
            small,
          ),
        ]
      : []),
    ...(prices
      ? [
          ...drawAxes(plot, low, high, from, to, look),
          ...drawBars(given, plot, look),
          ...drawLevels(given, plot, palette),
        ]
      : [
          element(
            'text',
            {
              x: width / 2,
              y: height / 2,
              fill: palette.muted,
              'font-size': 13,
              'text-anchor': 'middle',
            },
            'No price is known yet.',
          ),
        ]),
  );
};
