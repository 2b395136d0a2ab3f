import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@catalyst/testkit';
import { acknowledgeAlerts, createAlerts, type Alerts } from '../src/alerts/create-alerts.ts';
import { type Log, systemClock } from '@catalyst/runtime';

let database: TestDatabase;
let alerts: Alerts;
let now = '';
let announced: string[];
let logged: string[];

beforeEach(async () => {
  database = await createTestDatabase();
  announced = [];
  logged = [];
  const note = (level: string) => (event: string) => void logged.push(`${level} ${event}`);
  const log: Log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
  };
  alerts = createAlerts({
    service: 'risk',
    database: database.database,
    clock: { ...systemClock, now: () => now },
    bus: {
      stage: (tx, _channel, payload) =>
        tx.afterCommit(() => void announced.push((payload as { code: string }).code)),
    } as Parameters<typeof createAlerts>[0]['bus'],
    log,
  });
  now = '2026-03-24T14:00:00.000Z';
});
afterEach(() => database.drop());

const rows = () =>
  database.database.query<{ alert_id: string }>(
    `SELECT alert_id, key, severity, message, first_at, last_at, count, acknowledged_by FROM alerts
     ORDER BY first_at, key`,
  );

describe('an alert', () => {
  it('is one row however often it comes, with first and last time, count and the graver severity', async () => {
    await alerts.raise({
      severity: 'critical',
      code: 'JOB_FAILED',
      subject: 'minute',
      message: 'a',
    });
    now = '2026-03-24T14:05:00.000Z';
    await alerts.raise({
      severity: 'warning',
      code: 'JOB_FAILED',
      subject: 'minute',
      message: 'b',
    });
    await alerts.raise({ severity: 'info', code: 'JOB_FAILED', subject: 'rescan', message: 'c' });
    expect(await rows()).toMatchObject([
      {
        key: 'JOB_FAILED:minute',
        severity: 'critical',
        message: 'b',
        first_at: '2026-03-24T14:00:00.000Z',
        last_at: '2026-03-24T14:05:00.000Z',
        count: 2,
      },
      { key: 'JOB_FAILED:rescan', severity: 'info', count: 1 },
    ]);
    expect(announced).toHaveLength(3);
    expect(logged).toEqual(['error alert_raised', 'warn alert_raised', 'info alert_raised']);
  });

  it('comes anew once somebody has acknowledged it, even in the same instant', async () => {
    await alerts.raise({ severity: 'warning', code: 'NOT_FLAT', message: 'first' });
    const [{ alert_id } = { alert_id: '' }] = await rows();
    expect(await acknowledgeAlerts(database.database, [alert_id], 'ann', now)).toEqual([
      { alert_id },
    ]);
    await alerts.raise({ severity: 'warning', code: 'NOT_FLAT', message: 'second' });
    expect((await rows()).map((row) => (row as { count?: number }).count)).toEqual([1, 1]);
  });

  it('is neither written, told nor logged when what it tells of is rolled back', async () => {
    await expect(
      database.database.transaction(async (tx) => {
        alerts.stage(tx, { severity: 'critical', code: 'NOT_FLAT', message: 'a' });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect([await rows(), announced, logged]).toEqual([[], [], []]);
  });

  it('is kept whatever a vendor wrote into it, without passwords and control characters', async () => {
    await alerts.raise({
      severity: 'warning',
      code: 'NOT_FLAT',
      subject: 'x\u0000y',
      message: 'at smtp://u:secret@host\u0000\u001b[2J \ud800 end',
    });
    expect(await rows()).toMatchObject([
      { key: 'NOT_FLAT:x y', message: 'at smtp://u:[redacted]@host [2J \ufffd end' },
    ]);
  });
});
