import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@catalyst/contracts';
import { generateDay, writeDay } from '@catalyst/simulator';
import {
  BUNDLED_DAY,
  eventually,
  latestMails,
  startRehearsal,
  type Rehearsal,
} from '@catalyst/testkit';

const TIMEOUT_MS = 240_000;
const folder = mkdtempSync(join(tmpdir(), 'catalyst-rehearsed-days-'));
const halfDay = join(folder, 'half-day');
const friday = join(folder, 'friday');
let rehearsal: Rehearsal | undefined;

const begin = async (...options: Parameters<typeof startRehearsal>): Promise<Rehearsal> =>
  (rehearsal = await startRehearsal(...options));

/** The states that the cycle went through. */
const transitions = async ({ database }: Rehearsal): Promise<string[]> =>
  (
    await database.query<{ to: string }>(
      "SELECT details->>'to' AS to FROM workflow_log WHERE kind = 'transition' ORDER BY seq",
    )
  ).map(({ to }) => to);

/** On a busy machine the minute that comes next may have begun by the time it is looked at. */
const expectEveryMinute = (desk: Rehearsal, at_least: number): Promise<void> =>
  eventually(async () => {
    const { minutes, minutes_run } = await desk.measure();
    expect(minutes_run).toBe(minutes);
    expect([at_least, at_least + 1]).toContain(minutes);
  });

beforeAll(async () => {
  await writeDay(generateDay({ trade_date: '2026-11-27', seed: 11, symbols: 20 }), halfDay);
  await writeDay(generateDay({ trade_date: '2026-03-27', seed: 12, symbols: 20 }), friday);
}, TIMEOUT_MS);
afterEach(async () => {
  await rehearsal?.stop();
  rehearsal = undefined;
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a rehearsed paper desk', () => {
  it(
    'that starts in mid-day takes over what its owner holds, protects it, and is flat, reconciled and has mailed by the close',
    async () => {
      const desk = await begin({ day_dir: BUNDLED_DAY, date: '2026-03-24', from: '14:30' });
      await fetch(`${desk.desk.simulator!.url}/v2/orders`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'APCA-API-KEY-ID': desk.desk.simulator!.accounts[0]!.key_id,
          'APCA-API-SECRET-KEY': desk.desk.simulator!.accounts[0]!.secret_key,
        },
        body: JSON.stringify({
          symbol: 'GRTH',
          qty: '50',
          side: 'buy',
          type: 'market',
          time_in_force: 'day',
        }),
      });
      await desk.runTo('14:40');
      const { positions } = await desk.trading.listPositions({ query: { status: 'open' } });
      expect(positions).toEqual([
        expect.objectContaining({
          symbol: 'GRTH',
          qty: '50',
          is_adopted: true,
          is_protected: true,
        }),
      ]);
      await desk.runTo('16:05');
      expect(await desk.measure()).toMatchObject({
        minutes: 61,
        minutes_run: 61,
        open_positions: 0,
        reconciled: true,
      });
      expect((await transitions(desk)).slice(-3)).toEqual(['closing', 'reporting', 'closed']);
      expect(latestMails(desk).filter((mail) => mail.includes('text/html'))).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  it(
    'that starts at 11:00 opens its day, makes up for the scan that it missed and goes on by the minute',
    async () => {
      const desk = await begin({ day_dir: BUNDLED_DAY, date: '2026-03-24', from: '11:00' });
      await desk.runTo('11:21');
      await expectEveryMinute(desk, 21);
      expect((await desk.measure()).naked_seconds).toBe(0);
      expect((await transitions(desk)).at(-1)).toBe('trading');
      const [scans] = await desk.database.query<{ complete: number }>(
        "SELECT count(*)::int8 AS complete FROM scans WHERE status = 'complete'",
      );
      expect(scans!.complete).toBeGreaterThanOrEqual(2);
    },
    TIMEOUT_MS,
  );

  it(
    'runs every minute of a half day until half an hour before 13:00, and closes then',
    async () => {
      const desk = await begin({ day_dir: halfDay, date: '2026-11-27', from: '09:20' });
      await desk.runTo('09:51');
      await expectEveryMinute(desk, 20);
      await desk.runTo('13:05');
      expect(await desk.measure()).toMatchObject({
        minutes: 180,
        minutes_run: 180,
        naked_seconds: 0,
        open_positions: 0,
        reconciled: true,
      });
      expect((await transitions(desk)).at(-1)).toBe('closed');
    },
    TIMEOUT_MS,
  );

  it(
    'that starts on a Saturday is healthy, scans the last session and enters nothing',
    async () => {
      const desk = await begin({ day_dir: friday, date: '2026-03-28', from: '11:00' });
      await desk.runTo('11:10');
      const health = (await (await fetch(`${desk.desk.fleet.urls.workflow}/health`)).json()) as {
        status: string;
      };
      expect(health.status).toBe('healthy');
      const scans = await desk.database.query<{
        cycle_id: string | null;
        phase: string;
        status: string;
      }>('SELECT cycle_id, phase, status FROM scans');
      expect(scans).toEqual([{ cycle_id: null, phase: 'last_session', status: 'complete' }]);
      const { minutes, orders, alerts } = await desk.measure();
      expect([minutes, orders]).toEqual([0, 0]);
      expect(alerts.filter(({ severity }) => severity !== 'info')).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'that starts for the first time at 05:00 scans the session of Friday at once, and Monday stays as it is',
    async () => {
      const desk = await begin({ day_dir: friday, date: '2026-03-30', from: '05:00' });
      await desk.runTo('05:10');
      expect(await desk.workflow.showMarket()).toMatchObject({
        closed_because: null,
        last_session_scan: { session_date: '2026-03-27' },
      });
      const { cycle, candidates } = await desk.workflow.showCurrentCycle();
      expect([cycle.trade_date, cycle.state, candidates]).toEqual(['2026-03-30', 'scheduled', []]);
      const [scan] = await desk.database.query<{ counts: { universe: number } }>(
        'SELECT counts FROM scans',
      );
      expect(scan!.counts.universe).toBeGreaterThan(0);
      expect((await desk.measure()).orders).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'loses no minute, no stop and no order when each of its services is killed in the middle',
    async () => {
      const desk = await begin({ day_dir: BUNDLED_DAY, date: '2026-03-24', from: '09:15' });
      await desk.runTo('10:14');
      let minute = 14;
      for (const service of serviceNames) {
        await desk.desk.fleet.kill(service, 'SIGKILL');
        minute += 3;
        await desk.runTo(`10:${minute}`);
      }
      const result = await desk.measure();
      expect(result).toMatchObject({ minutes_run: result.minutes, reconciled: true });
      expect(result.minutes).toBeGreaterThanOrEqual(70);
      expect(result.entries).toBeGreaterThan(0);
      expect(result.naked_seconds).toBe(0);
    },
    TIMEOUT_MS,
  );
});
