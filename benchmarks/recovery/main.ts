import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { riskApi } from '@catalyst/contracts';
import { newYorkTime } from '@catalyst/domain';
import { createTimekeeper, startDesk } from '@catalyst/platform';
import { createClient, createDatabase, createLog } from '@catalyst/service-kit';
import { loadDay, startSimulator } from '@catalyst/simulator';
import { measureSupervisor, measureWrongKeys } from './commands.ts';
import { listFaults } from './faults.ts';
import { untilWell, watchFault } from './watch-health.ts';

/**
 * How long a desk takes to say that something is wrong, and to be whole again: a paper desk with a
 * PostgreSQL and a Redis of its own at the simulated exchange, in its session, holding something,
 * its time passing as the wall's. The table of docs/operations.md is of this.
 */
const DATE = '2026-03-24';
const DAY = join(import.meta.dirname, '../../packages/simulator/days', DATE);
const FROM = '10:30';
const START_MS = 60_000;
const WITHIN_S = 180;
const DISK_MB = 1100;
/** What its owner holds, for the desk to tend. */
const HELD = { symbol: 'GRTH', qty: '50', side: 'buy', type: 'market', time_in_force: 'day' };
const SUPERVISOR = 'the supervisor is killed';
const KEYS = 'wrong keys of the broker';

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, json: { type: 'boolean', default: false } },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface Row {
  fault: string;
  seen_s: number | null;
  says: string;
  whole_s: number | null;
  alerts: string[];
}
const rows: Row[] = [];
const keep = (row: Row): void => {
  rows.push(row);
  say(
    `${row.fault}: seen after ${row.seen_s?.toFixed(1) ?? 'never'} s (${row.says}), whole again ${row.whole_s === null ? 'NOT' : `after ${row.whole_s.toFixed(1)} s`}${row.alerts.length > 0 ? `, alerts ${row.alerts.join(', ')}` : ''}`,
  );
};
const isWanted = (name: string): boolean => name.includes(values.only);

const home = mkdtempSync(join(tmpdir(), 'catalyst-recovery-'));
chmodSync(home, 0o755);
let has_disk_of_its_own = true;
try {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=755`, 'tmpfs', home], {
    stdio: 'ignore',
  });
} catch {
  has_disk_of_its_own = false;
  say('left out: the full disk, since a file system of its own may not be mounted here');
}

const measureDesk = async (): Promise<void> => {
  const starts_at = Date.parse(newYorkTime(DATE, FROM));
  const timekeeper = createTimekeeper(starts_at - START_MS);
  say('starting the desk');
  const desk = await startDesk({
    home,
    mode: 'paper',
    day_dir: DAY,
    timekeeper,
    simulator_args: ['--like', 'paper'],
    env: {},
    on_event: () => {}, // what ends is started again: that is what is measured
  });
  const { urls, keys } = desk.fleet;
  const database = createDatabase(desk.database_url, {
    log: createLog('bench', 'error'),
    application_name: 'catalyst-bench',
    max_connections: 1,
  });
  const alertsSince = async (at: string): Promise<string[]> =>
    (
      await database.query<{ key: string }>(
        "SELECT DISTINCT key FROM alerts WHERE last_at >= $1 AND severity <> 'info' ORDER BY key",
        [at],
      )
    ).map(({ key }) => key);
  try {
    const risk = createClient(riskApi, {
      service: 'risk',
      base_url: urls.risk,
      api_key: keys.cli,
      retry_for_ms: 30_000,
    });
    await risk.arm({ body: { by: 'bench', reason: 'its own desk' } });
    const { key_id, secret_key } = desk.simulator!.accounts[0]!;
    await fetch(`${desk.simulator!.url}/v2/orders`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'APCA-API-KEY-ID': key_id,
        'APCA-API-SECRET-KEY': secret_key,
      },
      body: JSON.stringify(HELD),
    });
    await timekeeper.runTo(starts_at + 2 * START_MS);
    for (const fault of listFaults(desk, database, home, has_disk_of_its_own)) {
      if (!isWanted(fault.name)) continue;
      if ((await untilWell(urls, WITHIN_S)) === null) say(`not well before: ${fault.name}`);
      const at = new Date(timekeeper.now()).toISOString();
      const watched = await watchFault(urls, fault.strike, fault.lasts_s, WITHIN_S);
      keep({ fault: fault.name, ...watched, alerts: await alertsSince(at).catch(() => []) });
    }
  } finally {
    await database.close();
    await desk.stop();
  }
};

try {
  if (values.only === '' || ![SUPERVISOR, KEYS].some(isWanted)) await measureDesk();
  if (isWanted(SUPERVISOR))
    keep({ fault: SUPERVISOR, ...(await measureSupervisor(home, DAY)), alerts: [] });
  if (isWanted(KEYS)) {
    const simulator = await startSimulator({ day: await loadDay(DAY) });
    try {
      keep({ fault: KEYS, ...(await measureWrongKeys(home, simulator.url)), alerts: [] });
    } finally {
      await simulator.close();
    }
  }
} finally {
  if (has_disk_of_its_own) execFileSync('umount', ['-l', home]);
  rmSync(home, { recursive: true, force: true });
}

if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
if (rows.some(({ whole_s }) => whole_s === null)) process.exitCode = 1;
