import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OrderIntent, riskApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import {
  atStep,
  createTestDatabase,
  createTestKeys,
  eventually,
  startCutOff,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { riskService } from '../src/service.ts';

const NOW = '2026-03-10T15:00:00.000Z';
const keys = createTestKeys();
let database: TestDatabase;
let service: TestService<typeof riskApi>;
let home: string;
let cycleId: string;
let counter = 0;

const start = () =>
  startTestService(riskService, {
    database_url: database.url,
    replay_start_at: '2026-03-10T08:00:00.000Z',
    keys,
    env: { CATALYST_HOME: home },
  });
const at = <T>(work: () => T, now = NOW): T => atStep(now, work);
const intentFor = (symbol: string, over: Partial<OrderIntent> = {}): OrderIntent => ({
  intent_id: stableId('intent', (counter += 1)),
  cycle_id: cycleId,
  symbol,
  direction: 'long',
  qty: null,
  entry_price: '50',
  limit_price: '50.1',
  stop_price: '49',
  target_price: '52.5',
  ...over,
});
const setAccount = (equity: string, now = NOW) =>
  database.database.query(
    'INSERT INTO account_snapshots VALUES ($1, $2, $3, 100000, 100000, 200000) ON CONFLICT (read_at) DO UPDATE SET equity_usd = excluded.equity_usd',
    [now, 'SIM1', equity],
  );

beforeAll(async () => {
  database = await createTestDatabase();
  home = mkdtempSync(join(tmpdir(), 'catalyst-risk-'));
  cycleId = stableId('cycle', 'risk-test');
  const { database: db } = database;
  await db.query(
    "INSERT INTO trading_cycles VALUES ($1, '2026-03-10', 'trading', 'autonomous', 100, '2026-03-10T13:30:00Z', '2026-03-10T20:00:00Z', false, $2, $2)",
    [cycleId, NOW],
  );
  await db.query(
    "SELECT * FROM get_or_create_securities(ARRAY['AAA','BBB','CCC','DDD','EEE','FFF','GGG'])",
  );
  // each in a sector of its own
  await db.query(`UPDATE securities SET sector_id = x.sector_id
    FROM (SELECT sector_id, row_number() OVER (ORDER BY sector_id) AS n FROM sectors) x
    WHERE x.n = securities.security_id`);
  await db.query(
    'INSERT INTO latest_quotes SELECT security_id, 49.98, 50.02, 1, 1, $1, $1 FROM securities',
    [NOW],
  );
  await db.query("INSERT INTO reconciliations VALUES ($1, $2, true, '{}', $3)", [
    stableId('reconciliation', 1),
    cycleId,
    NOW,
  ]);
  await setAccount('100000');
  service = await start();
});
afterAll(async () => {
  await service.close();
  await database.drop();
});

describe('risk', () => {
  it('approves nothing until a person arms the desk once', async () => {
    const before = await at(() => service.client().checkOrder({ body: intentFor('AAA') }));
    expect(before).toMatchObject({ verdict: 'refused', code: 'TRADING_HALTED' });
    await expect(
      at(() =>
        service
          .client()
          .changeTradingState({ body: { act: 'resume', by: 'test', reason: 'try to resume' } }),
      ),
    ).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    const status = await service
      .client('cli')
      .arm({ body: { by: 'test', reason: 'armed for the test' } });
    expect(status.trading_state).toBe('active');
  });

  it('gives the same approval however often the same intent is reviewed, and refuses the id with other values', async () => {
    const intent = intentFor('AAA');
    const first = await at(() => service.client().checkOrder({ body: intent }));
    const again = await at(
      () => service.client().checkOrder({ body: intent }),
      '2026-03-10T15:01:00.000Z',
    );
    expect(first).toMatchObject({ verdict: 'approved', qty: '400' });
    expect(again).toEqual(first);
    await expect(
      at(() => service.client().checkOrder({ body: { ...intent, stop_price: '48' } })),
    ).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    expect(
      await database.database.query('SELECT 1 FROM risk_approvals WHERE intent_id = $1', [
        intent.intent_id,
      ]),
    ).toHaveLength(1);
  });

  it('gives the last places only once when many ask at the same instant', async () => {
    const decisions = await Promise.all(
      ['BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG'].map((symbol) =>
        at(() => service.client().checkOrder({ body: intentFor(symbol) })),
      ),
    );
    expect(decisions.filter((decision) => decision.verdict === 'approved')).toHaveLength(4);
    expect(
      decisions
        .filter((decision) => decision.verdict === 'refused')
        .map((decision) => decision.verdict === 'refused' && decision.code),
    ).toEqual(['MAX_POSITIONS', 'MAX_POSITIONS']);
  });

  it('frees the capacity of approvals that expired unused', async () => {
    await database.database.query('UPDATE latest_quotes SET quoted_at = $1', [
      '2026-03-10T15:02:00.000Z',
    ]);
    const decision = await at(
      () => service.client().checkOrder({ body: intentFor('GGG') }),
      '2026-03-10T15:02:00.000Z',
    );
    expect(decision).toMatchObject({ verdict: 'approved' });
  });

  it('previews without reserving anything', async () => {
    const intent = intentFor('BBB');
    await at(() => service.client().previewOrder({ body: intent }), '2026-03-10T15:02:30.000Z');
    expect(
      await database.database.query('SELECT 1 FROM risk_decisions WHERE intent_id = $1', [
        intent.intent_id,
      ]),
    ).toHaveLength(0);
  });

  it('answers an unknown symbol by its name', async () => {
    await expect(
      at(() => service.client().checkOrder({ body: intentFor('ZZZZ') })),
    ).rejects.toMatchObject({ code: 'UNKNOWN_SYMBOL', details: { symbol: 'ZZZZ' } });
  });

  it('warns once at 75 % of the daily loss and flattens at 100 %, and only a person resumes', async () => {
    const check = (now: string) =>
      at(() => service.client().checkLimits({ body: { cycle_id: cycleId } }), now);
    await setAccount('98400', '2026-03-10T15:10:00.000Z');
    expect((await check('2026-03-10T15:10:00.000Z')).status).toMatchObject({
      trading_state: 'active',
      daily_loss_used_ratio: 0.8,
    });
    await check('2026-03-10T15:11:00.000Z');
    await setAccount('97900', '2026-03-10T15:12:00.000Z');
    expect((await check('2026-03-10T15:12:00.000Z')).status.trading_state).toBe('flattening');
    const events = await database.database.query<{ code: string }>(
      "SELECT code FROM risk_events WHERE code LIKE 'DAILY%' ORDER BY at",
    );
    expect(events.map((event) => event.code)).toEqual(['DAILY_LOSS_WARNING', 'DAILY_LOSS_LIMIT']);
    await setAccount('99000', '2026-03-10T15:13:00.000Z');
    expect((await check('2026-03-10T15:13:00.000Z')).status.trading_state).toBe('flattening');
    const resumed = await at(
      () =>
        service
          .client()
          .changeTradingState({ body: { act: 'resume', by: 'test', reason: 'looked at it' } }),
      '2026-03-10T15:14:00.000Z',
    );
    expect(resumed.trading_state).toBe('active');
  });

  it('arms nothing that a person stopped: it says who, why, and that a resume does', async () => {
    await at(() =>
      service
        .client()
        .changeTradingState({ body: { act: 'pause', by: 'cli for ann', reason: 'lunch' } }),
    );
    await expect(
      service.client('cli').arm({ body: { by: 'bob', reason: 'as always' } }),
    ).rejects.toMatchObject({
      code: 'DESK_STOPPED',
      message: expect.stringMatching(/reducing, set by cli for ann at .*: lunch;.* resume it/),
    });
    const resume = () =>
      service
        .client('cli')
        .changeTradingState({ body: { act: 'resume', by: 'bob', reason: 'lunch is over' } });
    expect((await resume()).lifted).toEqual({
      trading_state: 'reducing',
      reason: 'lunch',
      set_by: 'cli for ann',
      set_at: NOW,
      removed_halt_file: false,
    });
    expect((await resume()).lifted).toBeNull();
    expect(
      await database.database.query(
        "SELECT actor, on_behalf_of FROM audit_log WHERE action IN ('trading_pause', 'trading_resume') ORDER BY seq DESC LIMIT 2",
      ),
    ).toEqual([
      { actor: 'cli', on_behalf_of: 'bob' },
      { actor: 'workflow', on_behalf_of: 'cli for ann' },
    ]);
  });

  it.each(['pause', 'halt', 'flatten'] as const)(
    '%s with the database away leaves a halt file, which is written down when it is back',
    async (act) => {
      const network = await startCutOff(database.url);
      const path = join(mkdtempSync(join(tmpdir(), 'catalyst-risk-')), 'home');
      const cutOff = await startTestService(riskService, {
        database_url: network.url,
        replay_start_at: '2026-03-10T08:00:00.000Z',
        keys,
        env: { CATALYST_HOME: path },
      });
      network.cut();
      await expect(
        at(() =>
          cutOff.client().changeTradingState({ body: { act, by: 'ann', reason: 'strange' } }),
        ),
      ).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        message: expect.stringContaining('the desk is halted by its halt file'),
      });
      expect(readFileSync(join(path, 'state/halt'), 'utf8')).toMatch(/ann.*: strange/);
      network.mend();
      expect(await at(() => cutOff.client().showStatus())).toMatchObject({
        trading_state: 'halted',
      });
      await cutOff.close();
      await network.close();
    },
    60_000,
  );

  it('halts by a file that anyone on the machine can make, and keeps its state over a restart', async () => {
    await at(() =>
      service.client().changeTradingState({ body: { act: 'halt', by: 'test', reason: 'drill' } }),
    );
    expect(existsSync(join(home, 'state', 'halt'))).toBe(true);
    await service.close();
    service = await start();
    expect((await service.client().showStatus()).trading_state).toBe('halted');
    await at(() =>
      service
        .client()
        .changeTradingState({ body: { act: 'resume', by: 'test', reason: 'drill is over' } }),
    );
    writeFileSync(join(home, 'state', 'halt'), 'by hand');
    expect(await service.client().showStatus()).toMatchObject({
      trading_state: 'halted',
      reason: 'by hand',
    });
    // what was seen stays: taking the file away resumes nothing
    rmSync(join(home, 'state', 'halt'));
    expect(await service.client().showStatus()).toMatchObject({
      trading_state: 'halted',
      reason: 'by hand',
    });
    writeFileSync(join(home, 'state', 'halt'), 'again\n\u001b[2Jby hand');
    expect((await service.client().showStatus()).reason).toBe('again [2Jby hand');
    const resumed = await at(() =>
      service.client().changeTradingState({ body: { act: 'resume', by: 'test', reason: 'again' } }),
    );
    expect(resumed).toMatchObject({
      trading_state: 'active',
      lifted: { set_by: 'halt_file', removed_halt_file: true },
    });
    expect(existsSync(join(home, 'state', 'halt'))).toBe(false);
  });
});

describe('the daily loss limit of what is held', () => {
  const held = stableId('position', 'held');
  const act = (name: 'pause' | 'halt' | 'flatten' | 'resume') =>
    at(() =>
      service.client().changeTradingState({ body: { act: name, by: 'test', reason: 'table' } }),
    );
  const states = {
    active: async () => undefined,
    paused: () => act('pause'),
    halted: () => act('halt'),
    'halted by the file': async () => writeFileSync(join(home, 'state', 'halt'), 'by hand'),
    'halted by a file that was there before': async () => {
      writeFileSync(join(home, 'state', 'halt'), 'by hand');
      await service.client().showStatus();
    },
    flattening: () => act('flatten'),
  };
  const table = Object.keys(states).flatMap((name) =>
    [0, 74, 75, 99, 100, 130].map((used) => [name as keyof typeof states, used] as const),
  );

  beforeAll(async () => {
    await database.database.query(
      `INSERT INTO positions (position_id, cycle_id, security_id, direction, status, qty,
         entered_qty, entry_price, last_price, created_at, updated_at)
       SELECT $1, $2, security_id, 'long', 'open', 100, 100, 50, 50, $3, $3
       FROM securities WHERE symbol = 'AAA'`,
      [held, cycleId, NOW],
    );
  });
  afterAll(async () => {
    await act('resume');
    await database.database.query("UPDATE positions SET status = 'closed' WHERE position_id = $1", [
      held,
    ]);
  });

  it.each(table)('of a desk that is %s is enforced at 100 %%, not at %d %%', async (name, used) => {
    await act('resume');
    const checkedAt = '2026-03-10T15:30:00.000Z';
    await setAccount(String(100_000 - 20 * used), checkedAt);
    await states[name]();
    const { flatten, status } = await at(
      () => service.client().checkLimits({ body: { cycle_id: cycleId } }),
      checkedAt,
    );
    const isOver = used >= 100;
    expect(flatten).toBe(isOver || name === 'flattening');
    if (isOver) expect(status.trading_state).toBe('flattening');
    else if (name === 'active') expect(status.trading_state).toBe('active');
    else expect(status.trading_state).not.toBe('active');
  });
});

describe('a limit that cannot be checked in full', () => {
  it('is shown in status and health, and told once a day for the alerts and the report', async () => {
    const { database: db } = database;
    const held = stableId('position', 'unknown');
    await db.query("SELECT * FROM get_or_create_securities(ARRAY['NEWCO'])");
    await db.query(
      `INSERT INTO positions (position_id, cycle_id, security_id, direction, status, qty,
         entered_qty, entry_price, last_price, created_at, updated_at)
       SELECT $1, $2, security_id, 'long', 'open', 100, 100, 50, 50, $3, $3
       FROM securities WHERE symbol = 'NEWCO'`,
      [held, cycleId, NOW],
    );
    const body = { cycle_id: cycleId };
    const { status } = await at(() => service.client().checkLimits({ body }));
    await at(() => service.client().checkLimits({ body }));
    const sector = '1 of 1 held symbols have no known sector; they count as one sector';
    expect(status.limits_in_part).toEqual([
      { limit: 'max_sector_ratio', reason: sector },
      { limit: 'max_correlation', reason: expect.stringContaining('fewer than 20 daily returns') },
    ]);
    expect(await (await fetch(`${service.url}/health`)).json()).toMatchObject({
      status: 'healthy',
      notes: [
        `max_sector_ratio is not checked in full: ${sector}`,
        expect.stringContaining('max_correlation is not checked in full'),
      ],
    });
    expect(
      await db.query('SELECT message FROM v_report_limits_in_part WHERE cycle_id = $1 ORDER BY 1', [
        cycleId,
      ]),
    ).toEqual([
      { message: expect.stringContaining('max_correlation') },
      { message: `max_sector_ratio is not checked in full: ${sector}` },
    ]);
    await db.query("UPDATE positions SET status = 'closed' WHERE position_id = $1", [held]);
    expect((await at(() => service.client().showStatus())).limits_in_part).toEqual([]);
  });
});

describe('the price of what is held', () => {
  it('is told with its age once it is older than two minutes, and not before', async () => {
    const { database: db } = database;
    const held = stableId('position', 'priced');
    const ago = (seconds: number) => new Date(Date.parse(NOW) - seconds * 1000).toISOString();
    await db.query("SELECT * FROM get_or_create_securities(ARRAY['NEWCO'])");
    await db.query(
      `INSERT INTO positions (position_id, cycle_id, security_id, direction, status, qty,
         entered_qty, entry_price, entered_at, last_price, last_price_at, created_at, updated_at)
       SELECT $1, $2, security_id, 'long', 'open', 100, 100, 50, $4, 50, $4, $3, $3
       FROM securities WHERE symbol = 'NEWCO'`,
      [held, cycleId, NOW, ago(121)],
    );
    const stale = async () => (await at(() => service.client().showStatus())).stale_prices;
    expect(await stale()).toEqual([{ symbol: 'NEWCO', last_price_at: ago(121), age_seconds: 121 }]);
    const setPrice = (time: string | null) =>
      db.query('UPDATE positions SET last_price_at = $2 WHERE position_id = $1', [held, time]);
    await setPrice(ago(120));
    expect(await stale()).toEqual([]);
    await setPrice(null);
    expect(await stale()).toEqual([{ symbol: 'NEWCO', last_price_at: null, age_seconds: null }]);
    await db.query("UPDATE positions SET status = 'closed' WHERE position_id = $1", [held]);
    expect(await stale()).toEqual([]);
  });
});

describe('risk parameters', () => {
  const path = () => join(home, 'config', 'risk_parameters.yaml');
  let version = 0;
  beforeEach(async () => {
    version = (await service.client().showParameters()).version;
  });

  it('take effect within two seconds of a save, as a new version', async () => {
    writeFileSync(
      path(),
      readFileSync(path(), 'utf8').replace('max_positions: 5 ', 'max_positions: 4 '),
    );
    await eventually(
      async () =>
        expect(await service.client().showParameters()).toMatchObject({
          version: version + 1,
          parameters: { max_positions: 4 },
        }),
      2000,
    );
  });
  it('keep the old values when the file is bad, and say where', async () => {
    const good = readFileSync(path(), 'utf8');
    writeFileSync(path(), good.replace('max_positions: 4', 'max_positions: many'));
    await eventually(async () => {
      const health = (await (await fetch(`${service.url}/health`)).json()) as {
        status: string;
        notes: string[];
      };
      expect(health.status).toBe('degraded');
      expect(health.notes.join()).toMatch(/line \d+: max_positions/);
    }, 2000);
    expect((await service.client().showParameters()).parameters.max_positions).toBe(4);
    writeFileSync(path(), good);
  });
  it('in dollars are refused in the file where they are more than the account bears, with the line', async () => {
    const good = readFileSync(path(), 'utf8');
    const notes = async (): Promise<string> =>
      ((await (await fetch(`${service.url}/health`)).json()) as { notes: string[] }).notes.join();
    const later = new Date(Date.parse(NOW) + 30 * 86_400_000).toISOString();
    await setAccount('30000', later);
    await database.database.query(
      'UPDATE account_snapshots SET last_equity_usd = 30000 WHERE read_at = $1',
      [later],
    );
    writeFileSync(path(), good.replace(/daily_loss_limit_usd: \d+/, 'daily_loss_limit_usd: 4000'));
    await eventually(async () =>
      expect(await notes()).toMatch(
        /is not in force: daily_loss_limit_usd: at most 10 % of the equity of \$30000.00, which is \$3000.00, was 4000/,
      ),
    );
    expect((await service.client().showParameters()).version).toBe(version);
    writeFileSync(path(), good);
    await eventually(async () => expect(await notes()).not.toContain('daily_loss_limit_usd'));

    // what was in force already is lowered to what the account bears, and said
    await database.database.query(
      'UPDATE account_snapshots SET equity_usd = 9000, last_equity_usd = 10000 WHERE read_at = $1',
      [later],
    );
    expect(await at(() => service.client().showStatus(), later)).toMatchObject({
      daily_loss_limit_usd: '1000',
      daily_loss_used_ratio: 1,
    });
    expect(await notes()).toContain('was 2000: 1000 is in force');
    await database.database.query('DELETE FROM account_snapshots WHERE read_at = $1', [later]);
    expect((await at(() => service.client().showStatus())).daily_loss_limit_usd).toBe('2000');
    expect(await notes()).not.toContain('in force');
  });
  it('change by a tool within the hard ceiling, keeping the comments of the file', async () => {
    const change = await at(() =>
      service.client().updateParameter({
        params: { name: 'max_positions' },
        body: { value: 3, by: 'claude', reason: 'a quiet day' },
      }),
    );
    expect(change).toMatchObject({ old_value: 4, new_value: 3 });
    expect(readFileSync(path(), 'utf8')).toMatch(/max_positions: 3 +# open positions/);
  });
  it('cannot be lifted above the hard ceiling, set to nonsense, or contradict each other', async () => {
    const set = (name: string, value: number | boolean) =>
      at(() =>
        service
          .client()
          .updateParameter({ params: { name }, body: { value, by: 'claude', reason: 'why not' } }),
      );
    await expect(set('daily_loss_limit_usd', 50_000)).rejects.toMatchObject({
      code: 'INVALID_RISK_PARAMETER',
      details: { range: { min: 1, max: 10_000 } },
    });
    await expect(set('warning_ratio', 2)).rejects.toMatchObject({ code: 'INVALID_RISK_PARAMETER' });
    await expect(set('max_sector_ratio', 0.1)).rejects.toMatchObject({
      code: 'INVALID_RISK_PARAMETER',
    });
    await expect(set('no_such_limit', 1)).rejects.toMatchObject({ code: 'INVALID_RISK_PARAMETER' });
  });
});
