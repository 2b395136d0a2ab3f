/**
 * What MCP adds to a read: each tool beside the bare call that answers it, one after the other in
 * the same run; how soon who follows a resource hears that it changed; how many reads a second 16
 * callers get; and the same through Nginx with TLS.
 *
 *   npm run bench -- mcp [calls of each kind]
 */
import { Agent, request as requestHttp, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as requestHttps } from 'node:https';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  reportingApi,
  riskApi,
  scannerApi,
  tradingApi,
  workflowApi,
  type Api,
} from '@catalyst/contracts';
import { createClient } from '@catalyst/service-kit';
import { BUNDLED_DAY, startReplay } from '@catalyst/testkit';
import { processorSeconds } from '../trading-day/processor-time.ts';
import { timeNotices } from './notices.ts';
import { findFrontDoor, openFrontDoor } from '../../tests/front-door.ts';

const EACH = Number(process.argv[2] ?? 200);
const WARM = 1000;
const CALLERS = 16;
const BURST = 3000;

const program = await findFrontDoor();
const replay = await startReplay({
  day_dir: BUNDLED_DAY,
  as_processes: true,
  service_env: { MCP_REQUESTS_PER_MINUTE: '1000000', LOG_LEVEL: 'error' },
});
const { desk } = replay;
await replay.advanceTo('10:30');

type Send = (body: string) => Promise<void>;
const sender = (url: string, options: RequestOptions): Send => {
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  return (body) =>
    new Promise((resolve, reject) => {
      const sent = send(url, { method: 'POST', ...options }, (response) => {
        response.resume();
        response.on('end', () =>
          response.statusCode === 200
            ? resolve()
            : reject(new Error(`${url} answered ${response.statusCode}`)),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
};
const headers = { 'content-type': 'application/json', 'x-api-key': desk.mcp_key };
const direct = sender(`${desk.fleet.urls.orchestration}/mcp`, {
  headers,
  agent: new Agent({ keepAlive: true, maxSockets: CALLERS }),
});
const callOf = (name: string): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } });

const to = <const A extends Api>(service: keyof typeof desk.fleet.urls, api: A) =>
  createClient(api, {
    service,
    base_url: desk.fleet.urls[service],
    api_key: desk.fleet.keys.cli,
  });
const clients = {
  risk: to('risk', riskApi),
  trading: to('trading', tradingApi),
  scanner: to('scanner', scannerApi),
  reporting: to('reporting', reportingApi),
};
const today = desk.simulator!.trade_date;
const BARE: Readonly<Record<string, () => Promise<unknown>>> = {
  get_risk_status: () => clients.risk.showStatus(),
  get_positions: () => clients.trading.listPositions({ query: { status: 'open' } }),
  get_scan_results: () => clients.scanner.showLatestScan({ query: {} }),
  get_trade_journal: () => clients.reporting.showJournal({ query: { trade_date: today } }),
  get_performance_report: () =>
    clients.reporting.showPerformance({ query: { period: 'daily', trade_date: today } }),
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};
const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
const shown = (times: number[]): { p50: number; p95: number; p99: number } => {
  const sorted = times.toSorted((left, right) => left - right);
  return { p50: at(sorted, 0.5), p95: at(sorted, 0.95), p99: at(sorted, 0.99) };
};
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const ms = (value: number): string => value.toFixed(2).padStart(7);

say('tool                      bare p50 / p99       MCP p50 / p99        added p50 / p99 (ms)');
for (const [tool, bare] of Object.entries(BARE)) {
  const body = callOf(tool);
  const [alone, over]: [number[], number[]] = [[], []];
  for (let call = -WARM; call < EACH; call += 1) {
    const one = await timed(bare);
    const other = await timed(() => direct(body));
    if (call >= 0) {
      alone.push(one);
      over.push(other);
    }
  }
  const [before, after] = [shown(alone), shown(over)];
  say(
    `${tool.padEnd(24)} ${ms(before.p50)} / ${ms(before.p99)}   ${ms(after.p50)} / ${ms(after.p99)}   ${ms(after.p50 - before.p50)} / ${ms(after.p99 - before.p99)}`,
  );
}

/** What every call has beside its own read: the desk's standing, and the way in and out. */
const workflow = to('workflow', workflowApi);
const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
for (const [name, work] of [
  ['the standing alone', () => workflow.showStanding()],
  ['a ping by MCP', () => direct(ping)],
] as const) {
  const times: number[] = [];
  for (let call = -WARM; call < EACH; call += 1) {
    const time = await timed(work);
    if (call >= 0) times.push(time);
  }
  const { p50, p99 } = shown(times);
  say(`${name.padEnd(24)} ${ms(p50)} / ${ms(p99)}`);
}

const notices = await timeNotices({
  url: `${desk.fleet.urls.orchestration}/mcp`,
  key: desk.mcp_key,
  workflow,
  times: EACH,
});
for (const [era, all] of Object.entries(notices)) {
  const sent = shown(all.map(({ since_sent }) => since_sent));
  const answered = shown(all.map(({ since_answered }) => since_answered));
  say(
    `a change is told to a client of ${era} (${all.length} times): p50 ${sent.p50.toFixed(1)} p99 ${sent.p99.toFixed(1)} ms after the act was sent, p50 ${answered.p50.toFixed(1)} p99 ${answered.p99.toFixed(1)} ms after it was answered; its commit lies between the two`,
  );
}

/** Processor seconds that the services which a read passes through have taken so far. */
const spent = (): Record<string, number> =>
  Object.fromEntries(
    desk.fleet
      .processes()
      .filter(({ service }) => ['orchestration', 'workflow', 'risk'].includes(service))
      .map(({ service, pid }) => [service, processorSeconds([pid!]) ?? NaN]),
  );

const burst = async (name: string, send: Send): Promise<void> => {
  const body = callOf('get_risk_status');
  const times: number[] = [];
  let left = BURST;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      times.push(await timed(() => send(body)));
    }
  };
  const before = spent();
  const cpu = process.cpuUsage();
  const seconds = (await timed(() => Promise.all(Array.from({ length: CALLERS }, caller)))) / 1000;
  const own = process.cpuUsage(cpu);
  const after = spent();
  const each = Object.entries(before).map(
    ([service, seconds]) => `${service} ${ms(((after[service]! - seconds) / BURST) * 1000).trim()}`,
  );
  const { p50, p95, p99 } = shown(times);
  say(
    `${name}: ${Math.round(BURST / seconds)} calls/s at ${CALLERS} callers, p50 ${p50.toFixed(1)} p95 ${p95.toFixed(1)} p99 ${p99.toFixed(1)} ms (this side's own processor time ${((own.user + own.system) / 1e6 / seconds).toFixed(2)} of a core; of a call's, in ms: ${each.join(', ')})`,
  );
};
await burst('direct', direct);
if (program) {
  const { urls, keys } = desk.fleet;
  const addresses = Object.fromEntries(
    Object.entries(urls).map(([name, url]) => [name, new URL(url).host]),
  ) as typeof urls;
  const door = await openFrontDoor(program, addresses, {
    cli_key: keys.cli,
    mcp_key: desk.mcp_key,
    stranger_rate: '100000r/s',
  });
  const agent = new TlsAgent({
    keepAlive: true,
    maxSockets: CALLERS,
    ca: readFileSync(join(door.keys_dir, 'tls.crt')),
  });
  await burst('through Nginx with TLS', sender(`${door.https_url}/mcp`, { headers, agent }));
  agent.destroy();
  await door.close();
} else say('through Nginx with TLS: left out, since there is no Nginx here');
await replay.stop();
process.exit(0);
