import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { workflowApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import {
  eventually,
  startCutOff,
  startTestService,
  type CutOff,
  type TestService,
} from '@catalyst/testkit';
import { workflowService } from '../src/service.ts';
import { startFixtureFleet, type FixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { DATE } from './fixture-fleet/script.ts';

let fleet: FixtureFleet;
let network: CutOff;
let home: string;
let service: TestService<typeof workflowApi>;
const why = { by: 'ann', reason: 'a strange tape' };

const start = () =>
  startTestService(workflowService, {
    database_url: network.url,
    keys: fleet.keys,
    env: { ...fleet.env, CATALYST_HOME: home, TRADING_MODE: 'paper' },
  });
const workflow = () => service.client('cli');
const rows = () =>
  fleet.database.database.query<{ action: string; subject: string; on_behalf_of: string }>(
    "SELECT action, subject, on_behalf_of FROM audit_log WHERE action LIKE '%_asked' ORDER BY seq",
  );
const journal = (): string => {
  const path = join(home, 'journal/workflow/audit.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'catalyst-workflow-'));
  fleet = await startFixtureFleet();
  network = await startCutOff(fleet.database.url);
  service = await start();
}, 60_000);
afterEach(async () => {
  network.mend();
  await service?.close();
  await network.close();
  await fleet?.close();
});

describe('a stop while the database is away', () => {
  it.each([
    ['pause', []],
    ['halt', ['cancelAllOrders']],
    ['flatten', ['closeAllPositions']],
  ] as const)('%s acts first; its audit row follows, once', async (act, acts) => {
    network.cut();
    await workflow().changeTradingState({ body: { act, ...why } });
    expect(fleet.callsTo('changeTradingState')).toMatchObject([{ body: { act } }]);
    for (const route of acts) expect(fleet.callsTo(route)).toHaveLength(1);
    expect(await rows()).toEqual([]);
    expect(journal()).toContain(`"subject":"${act}"`);
    // as after a kill: the next process finds it
    network.mend();
    await service.close();
    service = await start();
    await eventually(async () =>
      expect(await rows()).toEqual([
        { action: 'trading_state_change_asked', subject: act, on_behalf_of: 'ann' },
      ]),
    );
    expect(journal()).toBe('');
  });

  it('cancel acts first too', async () => {
    network.cut();
    await workflow().cancelEntries({ body: why });
    expect(fleet.callsTo('cancelAllOrders')).toHaveLength(1);
    network.mend();
    await eventually(async () =>
      expect(await rows()).toMatchObject([{ action: 'cancel_entries_asked' }]),
    );
  });

  it('a halt and a flatten reach the broker where risk is away as well, and the failure is told', async () => {
    fleet.script.beforeCall = async ({ route }) => {
      if (route === 'changeTradingState')
        throw new AppError('SERVICE_UNAVAILABLE', 'the database does not answer');
    };
    for (const [act, route] of [
      ['halt', 'cancelAllOrders'],
      ['flatten', 'closeAllPositions'],
    ] as const) {
      await expect(workflow().changeTradingState({ body: { act, ...why } })).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
      });
      expect(fleet.callsTo(route)).not.toEqual([]);
    }
  }, 120_000);

  it('resume does not: what lifts a stop is not done without its row', async () => {
    network.cut();
    await expect(
      workflow().changeTradingState({ body: { act: 'resume', ...why } }),
    ).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(fleet.callsTo('changeTradingState')).toEqual([]);
  });
});

it('closes a position though the decision and the audit cannot be written, and the row follows', async () => {
  const { database } = fleet.database;
  const position_id = stableId('held');
  await database.query(
    `INSERT INTO positions (position_id, security_id, direction, status, qty, entered_qty,
       created_at, updated_at)
     VALUES ($1, get_or_create_security('AAA'), 'long', 'open', 1, 1, $2, $2)`,
    [position_id, `${DATE}T14:00:00.000Z`],
  );
  await database.query('ALTER TABLE audit_log RENAME TO audit_log_away');
  const body = { ...why, request_id: stableId('close') };
  await workflow()
    .closePosition({ params: { position_id }, body })
    .catch(() => null);
  expect(fleet.callsTo('closePosition')).toHaveLength(1);
  await database.query('ALTER TABLE audit_log_away RENAME TO audit_log');
  await eventually(async () =>
    expect(await rows()).toEqual([
      { action: 'position_close_asked', subject: position_id, on_behalf_of: 'ann' },
    ]),
  );
});

it("hands a person's own exit on as it was asked, with who and why in the audit", async () => {
  const exit = { kind: 'trailing_percent', trail_percent: '2' } as const;
  await expect(
    service.client('cli').placeExit({
      params: { position_id: stableId('position') },
      body: { exit, request_id: stableId('exit'), ...why },
    }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(fleet.callsTo('placeExit')).toMatchObject([
    { body: { exit, request_id: stableId('exit') } },
  ]);
  expect(
    await fleet.database.database.query(
      "SELECT details -> 'exit' AS exit FROM audit_log WHERE details ? 'exit'",
    ),
  ).toEqual([{ exit }]);
});

it('moves no stop away from the price for anybody but the operator, and hands the rest on', async () => {
  const ask = (caller: 'cli' | 'orchestration', loosen: boolean) =>
    service.client(caller).moveStop({
      params: { position_id: stableId('position') },
      body: { stop_price: '40', loosen, request_id: stableId('move', caller), ...why },
    });
  await expect(ask('orchestration', true)).rejects.toMatchObject({ code: 'OPERATOR_ONLY' });
  expect(fleet.callsTo('moveStop')).toEqual([]);
  for (const [caller, loosen] of [
    ['orchestration', false],
    ['cli', true],
  ] as const)
    await expect(ask(caller, loosen)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(fleet.callsTo('moveStop')).toMatchObject([
    { body: { stop_price: '40', loosen: false } },
    { body: { stop_price: '40', loosen: true } },
  ]);
  const asked = await fleet.database.database.query(
    "SELECT details ->> 'loosen' AS loosen FROM audit_log WHERE action = 'position_steered' ORDER BY seq",
  );
  expect(asked).toEqual([{ loosen: 'false' }, { loosen: 'true' }]);
});
