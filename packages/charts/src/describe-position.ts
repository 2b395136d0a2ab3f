import { clockTime, price } from './scales.ts';
import type { PositionPicture } from './position-picture.ts';

const at = (instant: string): string => clockTime(Date.parse(instant));

export const pictureTitle = ({ symbol, direction, qty, is_closed }: PositionPicture): string =>
  `${symbol} ${direction} ${qty}${is_closed ? ', closed' : ''}`;

/** What the picture shows, in words, for whoever does not see it. */
export const describePosition = (given: PositionPicture): string => {
  const { bars, bar_minutes, entry, stops, target, fills, last } = given;
  const highest = Math.max(...bars.map(({ high }) => high));
  const lowest = Math.min(...bars.map(({ low }) => low));
  return [
    bars.length === 0
      ? 'No price bar yet.'
      : `${bars.length} bars of ${bar_minutes} minutes from ${at(bars[0]!.at)} New York time, between ${price(lowest)} and ${price(highest)}.`,
    entry ? `Entered at ${price(entry.price)}, ${at(entry.at)}.` : 'Not entered yet.',
    stops.length === 0
      ? 'No stop.'
      : `Stop ${stops.map((stop) => `${price(stop.price)} from ${at(stop.at)}`).join(', then ')}.`,
    target === null ? 'No target.' : `Target ${price(target)}.`,
    ...(fills.length === 0
      ? []
      : [
          `Filled: ${fills.map((fill) => `${fill.side} ${fill.qty} at ${price(fill.price)}, ${at(fill.at)}`).join('; ')}.`,
        ]),
    last ? `Last ${price(last.price)}, ${at(last.at)}.` : 'No last price.',
  ].join(' ');
};
