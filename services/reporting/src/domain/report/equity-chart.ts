import { inNewYork } from '@catalyst/domain';
import { strokeText } from './stroke-digits.ts';
import { usd } from './wording.ts';

export interface EquityPoint {
  at: string;
  equity_usd: string;
}

const WIDTH = 1184;
const HEIGHT = 420;
const PLOT = { left: 10, right: 985, top: 24, bottom: 356 };
// middle tones on no background, so that one picture reads on light and on dark
const GRAY = '#838c98';
const COLORS = { gain: '#1f9d61', loss: '#dd4b4b', flat: '#838c98' };

/** Round values across a range: 1, 2 or 5 times a power of ten apart, about four of them. */
export const ticks = (low: number, high: number, wanted = 4): number[] => {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10]
    .map((factor) => factor * power)
    .find((candidate) => candidate >= rough)!;
  const first = Math.ceil(low / step);
  return Array.from(
    { length: Math.floor(high / step) - first + 1 },
    (_, index) => (first + index) * step,
  );
};

/** One point per horizontal pixel is all that can be seen: the last of each. */
const thin = (points: readonly { x: number; y: number }[]): { x: number; y: number }[] => [
  ...new Map(points.map((point) => [Math.round(point.x), point])).values(),
];

/**
 * The equity curve as SVG, dollars on the right and New York's clock below, against the first
 * reading (dashed). Float64 is for the pixels only. Points are in order of time; with fewer than
 * two there is no line to draw.
 */
export const equityChart = (points: readonly EquityPoint[]): string => {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`;
  const axis = `<path d="M${PLOT.left} ${PLOT.bottom}H${PLOT.right}" stroke="${GRAY}" stroke-width="1.5"/>`;
  if (points.length < 2) return `${open}${axis}</svg>`;

  const values = points.map((point) => Number(point.equity_usd));
  const times = points.map((point) => Date.parse(point.at));
  const start = values[0]!;
  const end = values.at(-1)!;
  const spread = Math.max(...values) - Math.min(...values) || Math.max(Math.abs(start) * 0.001, 1);
  const low = Math.min(...values) - spread * 0.08;
  const high = Math.max(...values) + spread * 0.08;
  const firstAt = times[0]!;
  const span = times.at(-1)! - firstAt || 1;
  const toX = (time: number) => PLOT.left + ((time - firstAt) / span) * (PLOT.right - PLOT.left);
  const toY = (value: number) =>
    PLOT.bottom - ((value - low) / (high - low)) * (PLOT.bottom - PLOT.top);

  const rows = ticks(low, high);
  const isWhole = rows.every((value) => Number.isInteger(Math.round(value * 1e6) / 1e6));
  const grid = rows.map(
    (value) =>
      `<path d="M${PLOT.left} ${toY(value).toFixed(1)}H${PLOT.right}" stroke="${GRAY}" stroke-opacity="0.28" stroke-width="1.5"/>${strokeText(isWhole ? usd(value).slice(0, -3) : usd(value), { x: PLOT.right + 14, y: toY(value), height: 23, anchor: 'start', color: GRAY })}`,
  );
  const columns = [0, 0.25, 0.5, 0.75, 1].map((share) => firstAt + share * span);
  const clocks = columns.map((time, index) =>
    strokeText(inNewYork(new Date(time).toISOString()).clock, {
      x: toX(time),
      y: PLOT.bottom + 32,
      height: 23,
      anchor: index === 0 ? 'start' : index === columns.length - 1 ? 'end' : 'middle',
      color: GRAY,
    }),
  );

  const color = end > start ? COLORS.gain : end < start ? COLORS.loss : COLORS.flat;
  const line = thin(values.map((value, index) => ({ x: toX(times[index]!), y: toY(value) })))
    .map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('L');
  const base = toY(start).toFixed(1);
  return `${open}${grid.join('')}${axis}${clocks.join('')}
<path d="M${PLOT.left} ${base}L${line}L${PLOT.right} ${base}Z" fill="${color}" fill-opacity="0.14"/>
<path d="M${PLOT.left} ${base}H${PLOT.right}" stroke="${GRAY}" stroke-width="2" stroke-dasharray="7 7"/>
<path d="M${line}" fill="none" stroke="${color}" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"/>
<circle cx="${toX(times.at(-1)!).toFixed(1)}" cy="${toY(end).toFixed(1)}" r="7" fill="${color}"/></svg>`;
};
