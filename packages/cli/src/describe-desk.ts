import type { RunFile } from '@catalyst/platform';
import { desktopEntry } from './claude/claude-doors.ts';
import type { Terminal } from './terminal.ts';
import { typed } from './typed.ts';

/** What the desk trades with, in a few words. */
export const describeMode = ({ mode, trade_date }: Pick<RunFile, 'mode' | 'trade_date'>): string =>
  mode === 'replay'
    ? `replay of ${trade_date} on the simulated exchange; fictional money, nothing leaves this machine`
    : `${mode} at Alpaca${mode === 'paper' ? '; real prices, no real money' : ''}`;

/** The result of `up`: where the desk answers and the keys to it. */
export const deskData = (run: RunFile, was_running: boolean) => ({
  run_id: run.run_id,
  mode: run.mode,
  trade_date: run.trade_date,
  was_running,
  urls: run.urls ?? {},
  mcp_url: run.urls?.orchestration === undefined ? null : `${run.urls.orchestration}/mcp`,
  keys: { cli: run.cli_key, mcp: run.mcp_key },
  database_url: run.database_url,
  redis_url: run.redis_url,
  home: run.home,
  logs_dir: run.logs_dir,
  supervisor_pid: run.supervisor.pid,
});
export type DeskData = ReturnType<typeof deskData>;

type Step = readonly [verb: string, does: string];
const next_steps: Record<'replay' | 'paper', { now: string; steps: readonly Step[] }> = {
  replay: {
    now: 'the recorded day stands still at 04:00 New York until you let it go on',
    steps: [
      ['arm', 'let the desk trade'],
      ['cycle start', 'open the day'],
      ['cycle advance --to 10:30', 'let it go on; again with --to 16:00 for the rest'],
      ['report', 'what it did and why'],
      ['why SYMBOL', 'one stock, from the headline to the result; also after down'],
      ['down', 'end it; logs, reports and, until the next replay, the database stay'],
    ],
  },
  paper: {
    now: "the desk follows the exchange's calendar by itself and keeps its data from one start to the next",
    steps: [
      ['arm', 'let it trade; once is enough'],
      ['cycle status', 'where the day stands'],
      ['down', 'end it'],
    ],
  },
};

const describeNext = (mode: RunFile['mode']): string[] => {
  const { now, steps } = next_steps[mode === 'replay' ? 'replay' : 'paper'];
  const width = Math.max(...steps.map(([verb]) => typed(verb).length));
  return [
    `next: ${now}`,
    ...steps.map(([verb, does]) => `  ${typed(verb).padEnd(width)}   ${does}`),
  ];
};

export const describeDesk = (data: DeskData, terminal: Terminal): string =>
  [
    terminal.table(
      ['service', 'address'],
      Object.entries(data.urls).map(([name, url]) => [name, String(url)]),
    ),
    `mode      ${describeMode(data)}`,
    `API key   ${data.keys.cli} (send it to any service as X-API-Key)`,
    `MCP       ${data.mcp_url}`,
    `MCP key   ${data.keys.mcp}`,
    `database  ${data.database_url}`,
    `redis     ${data.redis_url}`,
    `home      ${data.home}`,
    `logs      ${data.logs_dir}`,
    '',
    `Claude Desktop: add this to "mcpServers" in claude_desktop_config.json; address and key stay from one start to the next. Other ways: ${typed('claude')}`,
    `  "catalyst": ${JSON.stringify(desktopEntry({ url: data.mcp_url ?? '', key: data.keys.mcp, ca_file: null }))}`,
    '',
    ...describeNext(data.mode),
  ].join('\n');
