import type { Palette } from './palettes.ts';
import type { Plot } from './plot.ts';
import type { PositionPicture } from './position-picture.ts';
import { price, spread } from './scales.ts';
import { element, type SvgNode } from './svg-node.ts';

interface Level {
  name: string;
  /** Where the price is, which may be above or below what is drawn. */
  value: number;
  from: number;
  color: string;
  dashes: string;
}

const LABEL = 15;
const MARK = 5.5;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** The stop as it was put: a step where it moved. */
const drawStops = (
  { stops }: PositionPicture,
  { x, y, left, right }: Plot,
  color: string,
): SvgNode[] => {
  if (stops.length === 0) return [];
  const path = stops.map(({ at, price: value }, index) => {
    const next = stops[index + 1];
    const start = clamp(x(Date.parse(at)), left, right);
    const end = next ? clamp(x(Date.parse(next.at)), left, right) : right;
    return `${index === 0 ? `M${start.toFixed(2)} ` : 'V'}${y(value).toFixed(2)}H${end.toFixed(2)}`;
  });
  return [element('path', { d: path.join(''), fill: 'none', stroke: color, 'stroke-width': 2 })];
};

/** A buy points up from below its price, a sale down from above. */
const drawFills = (
  { fills }: PositionPicture,
  { x, y, left, right }: Plot,
  palette: Palette,
): SvgNode[] =>
  fills.map(({ at, price: value, side }) => {
    const [middle, tip] = [clamp(x(Date.parse(at)), left, right), y(value)];
    const base = side === 'buy' ? tip + 2 * MARK : tip - 2 * MARK;
    return element('path', {
      d: `M${middle.toFixed(2)} ${tip.toFixed(2)}L${(middle - MARK).toFixed(2)} ${base.toFixed(2)}H${(middle + MARK).toFixed(2)}Z`,
      fill: palette.entry,
      stroke: palette.background,
      'stroke-width': 1,
    });
  });

/** From a level to its label; an arrow where the level is beyond what is drawn. */
const leader = (at: number, labelAt: number, { top, bottom, right }: Plot): string => {
  const from = right.toFixed(2);
  if (at >= top && at <= bottom)
    return `M${from} ${at.toFixed(2)}L${(right + 8).toFixed(2)} ${labelAt.toFixed(2)}`;
  const [tip, base] = at < top ? [labelAt - 4, labelAt + 3] : [labelAt + 4, labelAt - 3];
  return `M${from} ${base.toFixed(2)}L${(right + 4).toFixed(2)} ${tip.toFixed(2)}L${(right + 8).toFixed(2)} ${base.toFixed(2)}`;
};

/** Entry, stop, target and last price: each a line of its own kind, with its name and price. */
export const drawLevels = (given: PositionPicture, plot: Plot, palette: Palette): SvgNode[] => {
  const { entry, stops, target, last, is_closed, now } = given;
  const { x, y, left, right, top, bottom } = plot;
  const since = entry ? Date.parse(entry.at) : Date.parse(now);
  const stop = stops.at(-1);
  const level = (
    name: string,
    value: number,
    color: string,
    dashes: string,
    from = since,
  ): Level => ({
    name,
    value,
    from,
    color,
    dashes,
  });
  const levels = [
    ...(target === null ? [] : [level('target', target, palette.target, '2 4')]),
    ...(entry ? [level('entry', entry.price, palette.entry, '9 4')] : []),
    ...(stop ? [level('stop', stop.price, palette.stop, '')] : []),
    ...(last
      ? [level(is_closed ? 'last' : 'now', last.price, palette.ink, '1 3', Date.parse(last.at))]
      : []),
  ];
  const labels = spread(
    levels.map((one) => ({ ...one, y: clamp(y(one.value), top, bottom) })),
    LABEL,
    top,
    bottom,
  );
  return [
    ...levels
      .filter(({ name, value }) => name !== 'stop' && y(value) >= top && y(value) <= bottom)
      .map(({ value, from, color, dashes }) =>
        element('line', {
          x1: clamp(x(from), left, right),
          x2: right,
          y1: y(value),
          y2: y(value),
          stroke: color,
          'stroke-width': 1.5,
          'stroke-dasharray': dashes,
        }),
      ),
    ...drawStops(given, plot, palette.stop),
    ...drawFills(given, plot, palette),
    ...labels.flatMap((one) => [
      element('path', {
        d: leader(y(one.value), one.y, plot),
        stroke: one.color,
        fill: 'none',
      }),
      element(
        'text',
        {
          x: right + 11,
          y: one.y + 4,
          fill: one.color,
          'font-size': 11,
          'font-weight': one.name === 'now' ? 600 : 400,
        },
        `${one.name} ${price(one.value)}`,
      ),
    ]),
  ];
};
