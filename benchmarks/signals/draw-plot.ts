import type { Measured } from './measure-server.ts';

const WIDTH = 720;
const HEIGHT = 320;
const LEFT = 60;
const TOP = 50;
const PLOT = { width: 620, height: 210 };
const COLORS: Readonly<Record<string, string>> = {
  'raw TCP loop': '#c5cad1',
  'bare ws loop': '#8a8f98',
  'socket.io': '#d9822b',
  catalyst: '#1f6feb',
};

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${words}</text>`;

/** Bars of p50 and p99 by number of clients, as an SVG that stands by itself. */
export const drawPlot = (results: readonly Measured[]): string => {
  const counts = [...new Set(results.map(({ clients }) => clients))];
  const names = [...new Set(results.map(({ name }) => name))];
  const top = Math.max(...results.map(({ p99_ms }) => p99_ms)) * 1.1;
  const y = (ms: number): number => TOP + PLOT.height * (1 - ms / top);
  const group = PLOT.width / counts.length;
  const bar = (group * 0.8) / names.length;
  const parts = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const ms = (top / 1.1) * share;
    return [
      `<line x1="${LEFT}" x2="${LEFT + PLOT.width}" y1="${y(ms).toFixed(1)}" y2="${y(ms).toFixed(1)}" stroke="#d0d7de"/>`,
      text(LEFT - 8, y(ms) + 4, ms.toFixed(0), 'text-anchor="end"'),
    ];
  });
  for (const [at, clients] of counts.entries()) {
    const from = LEFT + group * at + group * 0.1;
    parts.push(
      text(
        from + group * 0.4,
        TOP + PLOT.height + 22,
        `${clients} clients`,
        'text-anchor="middle"',
      ),
    );
    for (const [index, name] of names.entries()) {
      const one = results.find((row) => row.clients === clients && row.name === name);
      if (!one) continue;
      const x = from + bar * index;
      const box = (ms: number, opacity: number): string =>
        `<rect x="${(x + 2).toFixed(1)}" width="${(bar - 4).toFixed(1)}" y="${y(ms).toFixed(1)}" height="${(TOP + PLOT.height - y(ms)).toFixed(1)}" fill="${COLORS[name] ?? '#000'}" opacity="${opacity}"/>`;
      parts.push(
        box(one.p99_ms, 0.35),
        box(one.p50_ms, 1),
        text(
          x + bar / 2,
          y(one.p99_ms) - 4,
          `${one.p50_ms} / ${one.p99_ms}`,
          'text-anchor="middle" font-size="10"',
        ),
      );
    }
  }
  for (const [index, name] of names.entries()) {
    const x = LEFT + index * 170;
    parts.push(
      `<rect x="${x}" y="${HEIGHT - 22}" width="12" height="12" fill="${COLORS[name] ?? '#000'}"/>`,
      text(x + 18, HEIGHT - 12, name),
    );
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#24292f" role="img">
<title>Milliseconds from a signal's row to its receipt, half (dark) and 99 of 100 (light) of all deliveries</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
${text(LEFT, 22, "Milliseconds from a signal's row to its receipt: half (dark) and 99 of 100 (light)", 'font-size="14"')}
${parts.join('\n')}
</svg>
`;
};
