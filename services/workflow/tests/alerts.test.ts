import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Alert, workflowApi } from '@catalyst/contracts';
import { startTestService, type TestService } from '@catalyst/testkit';
import { workflowService } from '../src/service.ts';
import { startFixtureFleet, type FixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { at } from './fixture-fleet/script.ts';

let fleet: FixtureFleet;
let service: TestService<typeof workflowApi>;
const workflow = () => service.client('cli');
const ids = new Map<string, string>();

const insert = async (code: string, last_at: string): Promise<void> => {
  ids.set(code, randomUUID());
  await fleet.database.database.query(
    `INSERT INTO alerts (alert_id, source, key, severity, code, message, first_at, last_at, count)
     VALUES ($1, 'risk', $2, 'warning', $2, 'words', $3, $4, 2)`,
    [ids.get(code), code, at('09:00'), last_at],
  );
};
const codesOf = (alerts: readonly Alert[]): string[] => alerts.map(({ code }) => code);

beforeAll(async () => {
  fleet = await startFixtureFleet();
  service = await startTestService(workflowService, {
    database_url: fleet.database.url,
    keys: fleet.keys,
    replay_start_at: at('11:00'),
    env: fleet.env,
  });
  await insert('OLD', at('09:40'));
  await insert('NEW', at('09:50'));
  await insert('SAME_A', at('09:45'));
  await insert('SAME_B', at('09:45'));
}, 60_000);
afterAll(async () => {
  await service?.close();
  await fleet?.close();
});

describe('the list of alerts', () => {
  it('says what each is, and that nobody has seen it or sent it', async () => {
    const { alerts } = await workflow().listAlerts({ query: { limit: 1 } });
    expect(alerts).toEqual([
      {
        alert_id: ids.get('NEW'),
        at: at('09:50'),
        severity: 'warning',
        code: 'NEW',
        message: 'words',
        source: 'risk',
        first_at: at('09:00'),
        count: 2,
        acknowledged_at: null,
        acknowledged_by: null,
        sent_at: null,
      },
    ]);
  });

  it('puts what is acknowledged last, keeps who did it first, and pages through all of them once', async () => {
    const body = { alert_ids: [ids.get('NEW')!], by: 'ann' };
    expect(await workflow().acknowledgeAlerts({ body })).toEqual({ acknowledged: body.alert_ids });
    expect(await workflow().acknowledgeAlerts({ body: { ...body, by: 'bob' } })).toEqual({
      acknowledged: [],
    });
    const seen: Alert[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < 4; pages += 1) {
      const page = await workflow().listAlerts({ query: { limit: 1, ...(after && { after }) } });
      seen.push(...page.alerts);
      if (page.next === null) break;
      after = page.next;
    }
    const [a, b] = ['SAME_A', 'SAME_B'].sort((x, y) => (ids.get(x)! < ids.get(y)! ? -1 : 1));
    expect(codesOf(seen)).toEqual([a, b, 'OLD', 'NEW']);
    expect(seen.at(-1)).toMatchObject({ acknowledged_by: 'ann', acknowledged_at: at('11:00') });
    expect(
      codesOf((await workflow().listAlerts({ query: { state: 'unacknowledged' } })).alerts),
    ).not.toContain('NEW');
    expect(
      await fleet.database.database.query(
        "SELECT actor, on_behalf_of, subject FROM audit_log WHERE action = 'alert_acknowledged'",
      ),
    ).toEqual([{ actor: 'cli', on_behalf_of: 'ann', subject: ids.get('NEW') }]);
  });
});
