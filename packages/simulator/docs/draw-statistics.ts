import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadDay } from '../src/day/index.ts';
import { spreadAt } from '../src/exchange/fill-model/spread.ts';
import { mean, SQUARED_LAGS, type BarStatistics } from './bar-statistics.ts';
import { drawPanels, type Panel, type Row } from './draw-panels.ts';
import { measureGenerated, measureReal } from './measure-days.ts';

/**
 * Draws `generated-vs-real.svg` beside this file and prints its numbers. `REFERENCE_DATA` names the
 * folder that holds `bars/`.
 */
const barsDir = resolve(
  import.meta.dirname,
  '../../..',
  process.env.REFERENCE_DATA ?? '../shared/data',
  'bars',
);
if (!existsSync(barsDir))
  throw new Error(
    `expected real minute bars in ${barsDir}; REFERENCE_DATA names the folder above "bars"`,
  );

const day = await loadDay(resolve(import.meta.dirname, '../days/2026-03-24'));
const real = await measureReal(barsDir);
const generated = measureGenerated(day);
/**
 * What the fill model quotes at each stock's last price, outside `wide_spread` events, as a ratio
 * of it.
 */
const quoted = [...day.minute_bars.values()].map((bars) => {
  const price = bars.at(-1)?.close ?? Number.NaN;
  return spreadAt(price, false).toNumber() / price;
});

const each = (
  key: 'kurtosis' | 'return_autocorrelation' | 'range_ratio' | 'spread_estimate',
): Row[] => [
  { label: 'real', series: 'real', values: real.map((item) => item[key]) },
  { label: 'generated', series: 'generated', values: generated.map((item) => item[key]) },
];
const pooled = (
  list: readonly BarStatistics[],
  pick: (item: BarStatistics) => readonly number[],
): number[] => pick(list[0]!).map((_, index) => mean(list.map((item) => pick(item)[index]!)));
const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const inBasisPoints = (row: Row): Row => ({
  ...row,
  values: row.values.map((value) => value * 10_000),
});

const panels: Panel[] = [
  {
    kind: 'dots',
    title: 'Kurtosis of 1-minute returns',
    note: '3 is a normal distribution; logarithmic',
    scale: 'log',
    from: 2,
    to: 40,
    ticks: [3, 5, 10, 20, 40],
    digits: 1,
    rows: each('kurtosis'),
  },
  {
    kind: 'lines',
    title: 'Autocorrelation of squared returns',
    note: 'by lag in minutes; large moves come in clusters',
    to: 0.2,
    ticks: [0, 0.05, 0.1, 0.15, 0.2],
    digits: 2,
    labels: SQUARED_LAGS.map(String),
    real: pooled(real, (item) => item.squared_autocorrelation),
    generated: pooled(generated, (item) => item.squared_autocorrelation),
  },
  {
    kind: 'dots',
    title: 'Autocorrelation of returns',
    note: 'lag of 1 minute',
    scale: 'linear',
    from: -0.6,
    to: 0.6,
    ticks: [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6],
    digits: 2,
    rows: each('return_autocorrelation'),
  },
  {
    kind: 'lines',
    title: 'Share of volume by half hour, %',
    note: 'New York time, 09:30 to 16:00',
    to: 20,
    ticks: [0, 5, 10, 15, 20],
    digits: 1,
    labels: Array.from({ length: 13 }, (_, index) =>
      index % 3 === 0 ? clock(570 + 30 * index) : '',
    ),
    real: pooled(real, (item) => item.volume_profile.map((share) => share * 100)),
    generated: pooled(generated, (item) => item.volume_profile.map((share) => share * 100)),
  },
  {
    kind: 'dots',
    title: 'Range of a minute',
    note: 'mean of high less low, over the mean absolute return',
    scale: 'linear',
    from: 0.5,
    to: 3,
    ticks: [0.5, 1, 1.5, 2, 2.5, 3],
    digits: 1,
    rows: each('range_ratio'),
  },
  {
    kind: 'dots',
    title: 'Spread, hundredths of a per cent',
    note: 'estimated from bars (Corwin-Schultz); logarithmic',
    scale: 'log',
    from: 0.15,
    to: 40,
    ticks: [0.2, 0.5, 1, 2, 5, 10, 20],
    digits: 1,
    rows: [
      ...each('spread_estimate')
        .map(inBasisPoints)
        .map((row) => ({ ...row, label: `${row.label}, estimated` })),
      inBasisPoints({
        label: 'generated, as the simulator quotes',
        series: 'generated',
        values: quoted,
      }),
    ],
  },
];

const path = join(import.meta.dirname, 'generated-vs-real.svg');
const foot = `Generated: ${generated.length} stocks of the bundled day, none halted. Real: nine sessions, Apple 2014, Bank of America and SPY 2013. Regular hours. A dot is a stock's day, the bar the mean.`;
await writeFile(path, drawPanels('Generated minute bars beside real ones', foot, panels));

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
for (const panel of panels) {
  const lines =
    panel.kind === 'dots'
      ? panel.rows.map(
          (row) =>
            `  ${row.label}: mean ${mean(row.values).toFixed(3)}, median ${median(row.values).toFixed(3)}, ${Math.min(...row.values).toFixed(3)} to ${Math.max(...row.values).toFixed(3)} (${row.values.length})`,
        )
      : (['real', 'generated'] as const).map(
          (series) => `  ${series}: ${panel[series].map((value) => value.toFixed(3)).join(', ')}`,
        );
  process.stdout.write(`${panel.title} (${panel.note})\n${lines.join('\n')}\n`);
}
