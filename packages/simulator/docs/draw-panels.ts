/** Which of the two sources a mark belongs to. */
export type Series = 'real' | 'generated';

/** One line of dots: a value for each stock and day. */
export interface Row {
  label: string;
  series: Series;
  values: readonly number[];
}

interface PanelBase {
  title: string;
  note: string;
  ticks: readonly number[];
  /** Decimals of the figures beside the marks. */
  digits: number;
}
/** Rows of dots along one axis from `from` to `to`. */
export interface DotPanel extends PanelBase {
  kind: 'dots';
  scale: 'linear' | 'log';
  from: number;
  to: number;
  rows: readonly Row[];
}
/** Two lines over the same labels, from 0 to `to`. */
export interface LinePanel extends PanelBase {
  kind: 'lines';
  to: number;
  labels: readonly string[];
  real: readonly number[];
  generated: readonly number[];
}
export type Panel = DotPanel | LinePanel;

const COLUMNS = 3;
const PANEL = { width: 330, height: 232 };
const PLOT = { left: 34, right: 20, top: 52, bottom: 30 };
const MARGIN = { left: 14, top: 66, bottom: 34 };
const PLOT_WIDTH = PANEL.width - PLOT.left - PLOT.right;
const PLOT_HEIGHT = PANEL.height - PLOT.top - PLOT.bottom;

const STYLE = `
    text { font: 12px system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: #24292f; }
    .paper { fill: #ffffff; } .title { font-size: 17px; font-weight: 600; } .head { font-size: 13px; font-weight: 600; }
    .quiet { fill: #57606a; font-size: 11px; } .grid { stroke: #d8dee4; stroke-width: 1; } .line { fill: none; stroke-width: 2; }
    .real { fill: #0969a8; stroke: #0969a8; } .generated { fill: #bc4c00; stroke: #bc4c00; } text.real, text.generated { stroke: none; font-weight: 600; }
    .line.real, .line.generated { fill: none; } .dot.real, .dot.generated { stroke: none; fill-opacity: 0.5; } .mean { stroke: #24292f; stroke-width: 3; }
    @media (prefers-color-scheme: dark) { .dot.real, .dot.generated { fill-opacity: 0.7; }
      text { fill: #e6edf3; } .paper { fill: #0d1117; } .mean { stroke: #e6edf3; } .quiet { fill: #9da7b1; } .grid { stroke: #30363d; }
      .real { fill: #58b0f0; stroke: #58b0f0; } .generated { fill: #f0883e; stroke: #f0883e; } .line.real, .line.generated { fill: none; }
    }`;

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const at = (value: number): string => value.toFixed(1);
const text = (x: number, y: number, content: string, kind = '', anchor = 'start'): string =>
  `<text x="${at(x)}" y="${at(y)}"${kind === '' ? '' : ` class="${kind}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${escape(content)}</text>`;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Dots of a row lie one below the other in turn, so that equal values stay visible. */
const LANES = 9;

const dotPanel = (panel: DotPanel): string[] => {
  const stretch = panel.scale === 'log' ? Math.log : (value: number): number => value;
  const x = (value: number): number =>
    PLOT.left +
    ((stretch(value) - stretch(panel.from)) / (stretch(panel.to) - stretch(panel.from))) *
      PLOT_WIDTH;
  const bottom = PLOT.top + PLOT_HEIGHT;
  const grid = panel.ticks.flatMap((tick) => [
    `<line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${PLOT.top}" y2="${bottom}"/>`,
    text(x(tick), bottom + 15, String(tick), 'quiet', 'middle'),
  ]);
  const height = PLOT_HEIGHT / panel.rows.length;
  const rows = panel.rows.flatMap(({ label, series, values }, index) => {
    const top = PLOT.top + index * height;
    const room = height - 26;
    const sorted = values.toSorted((a, b) => a - b);
    const lane = (position: number): number =>
      top + 22 + (room * (((position * 4) % LANES) + 0.5)) / LANES;
    const average = mean(values);
    return [
      text(PLOT.left + 2, top + 13, `${label}: ${average.toFixed(panel.digits)}`, series),
      ...sorted.map(
        (value, position) =>
          `<circle class="dot ${series}" cx="${at(x(Math.min(panel.to, Math.max(panel.from, value))))}" cy="${at(lane(position))}" r="2.6"/>`,
      ),
      `<line class="mean" x1="${at(x(average))}" x2="${at(x(average))}" y1="${at(top + 18)}" y2="${at(top + 24 + room)}"/>`,
    ];
  });
  return [...grid, ...rows];
};

const linePanel = (panel: LinePanel): string[] => {
  const x = (index: number): number =>
    PLOT.left + ((index + 0.5) / panel.labels.length) * PLOT_WIDTH;
  const y = (value: number): number => PLOT.top + PLOT_HEIGHT * (1 - value / panel.to);
  const grid = panel.ticks.flatMap((tick) => [
    `<line class="grid" x1="${PLOT.left}" x2="${PANEL.width - PLOT.right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>`,
    text(PLOT.left - 5, y(tick) + 4, String(tick), 'quiet', 'end'),
  ]);
  const labels = panel.labels.map((label, index) =>
    text(x(index), PLOT.top + PLOT_HEIGHT + 15, label, 'quiet', 'middle'),
  );
  const lines = (['real', 'generated'] as const).flatMap((series) => [
    `<polyline class="line ${series}" points="${panel[series].map((value, index) => `${at(x(index))},${at(y(value))}`).join(' ')}"/>`,
    ...panel[series].map(
      (value, index) =>
        `<circle class="${series}" cx="${at(x(index))}" cy="${at(y(value))}" r="3"/>`,
    ),
  ]);
  return [...grid, ...labels, ...lines];
};

/**
 * Small multiples, three a row, that read on light and on dark paper; the reader's system chooses.
 */
export const drawPanels = (title: string, foot: string, panels: readonly Panel[]): string => {
  const width = MARGIN.left * 2 + COLUMNS * PANEL.width;
  const bottom = MARGIN.top + Math.ceil(panels.length / COLUMNS) * PANEL.height;
  const drawn = panels.map((panel, index) => {
    const marks = panel.kind === 'dots' ? dotPanel(panel) : linePanel(panel);
    const place = `translate(${MARGIN.left + (index % COLUMNS) * PANEL.width} ${MARGIN.top + Math.floor(index / COLUMNS) * PANEL.height})`;
    return `  <g transform="${place}">\n    ${[text(8, 20, panel.title, 'head'), text(8, 37, panel.note, 'quiet'), ...marks].join('\n    ')}\n  </g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + MARGIN.bottom}" width="${width}" height="${bottom + MARGIN.bottom}" role="img" aria-label="${escape(title)}">
  <style>${STYLE}
  </style>
  <rect class="paper" width="100%" height="100%"/>
  ${text(MARGIN.left + 8, 30, title, 'title')}
  <circle class="real" cx="${MARGIN.left + 13}" cy="48" r="5"/>${text(MARGIN.left + 24, 52, 'real', 'real')}
  <circle class="generated" cx="${MARGIN.left + 73}" cy="48" r="5"/>${text(MARGIN.left + 84, 52, 'generated', 'generated')}
${drawn.join('\n')}
  ${text(MARGIN.left + 8, bottom + 18, foot, 'quiet')}
</svg>
`;
};
