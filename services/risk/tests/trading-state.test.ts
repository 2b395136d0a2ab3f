import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedRedis } from '@catalyst/platform';
import { standingKey } from '@catalyst/service-kit';
import { startCutOff, startTestService } from '@catalyst/testkit';
import { Redis } from 'ioredis';
import { riskService } from '../src/service.ts';
import { after, NOW, openRisk, type RiskDesk } from './open-risk.ts';

let desk: RiskDesk;
beforeAll(async () => {
  desk = await openRisk(['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG']);
  await desk.arm();
});
afterAll(() => desk.close());

describe('the trading state', () => {
  it('warns once at 75 % of the daily loss and flattens at 100 %, and only a person resumes', async () => {
    const check = (now: string) =>
      desk.at(() => desk.client().checkLimits({ body: { cycle_id: desk.cycle_id } }), now);
    await desk.setAccount('98400', '2026-03-10T15:10:00.000Z');
    expect((await check('2026-03-10T15:10:00.000Z')).status).toMatchObject({
      trading_state: 'active',
      daily_loss_used_ratio: 0.8,
    });
    await check('2026-03-10T15:11:00.000Z');
    await desk.setAccount('97900', '2026-03-10T15:12:00.000Z');
    expect((await check('2026-03-10T15:12:00.000Z')).status.trading_state).toBe('flattening');
    const events = await desk.database.query<{ code: string }>(
      "SELECT code FROM risk_events WHERE code LIKE 'DAILY%' ORDER BY at",
    );
    expect(events.map((event) => event.code)).toEqual(['DAILY_LOSS_WARNING', 'DAILY_LOSS_LIMIT']);
    await desk.setAccount('99000', '2026-03-10T15:13:00.000Z');
    expect((await check('2026-03-10T15:13:00.000Z')).status.trading_state).toBe('flattening');
    const resumed = await desk.at(
      () =>
        desk
          .client()
          .changeTradingState({ body: { act: 'resume', by: 'test', reason: 'looked at it' } }),
      '2026-03-10T15:14:00.000Z',
    );
    expect(resumed.trading_state).toBe('active');
  });

  it('changes the mark of the standing before it answers', async () => {
    const redis = new Redis((await sharedRedis()).url);
    const mark = () => redis.get(standingKey('test'));
    const seen = [await mark()];
    for (const act of ['pause', 'halt', 'resume'] as const) {
      await desk.act(act);
      seen.push(await mark());
    }
    redis.disconnect();
    expect(new Set(seen).size).toBe(4);
  });

  it.each(['pause', 'halt', 'flatten'] as const)(
    'voids with %s the approvals that no order has used, for good',
    async (act) => {
      await desk.truncate('risk_approvals, risk_decisions, account_snapshots');
      await desk.setAccount('100000');
      const approval = await desk.check(desk.intentFor('AAA'));
      expect(approval).toMatchObject({ verdict: 'approved', expires_at: after(60) });
      await desk.database.query('UPDATE risk_approvals SET approved_at = $1', [after(-5)]);
      await desk.act(act);
      await desk.act('resume', 'at once');
      expect(await desk.database.query('SELECT expires_at FROM risk_approvals')).toEqual([
        { expires_at: NOW },
      ]);
      await desk.truncate('risk_approvals, risk_decisions');
    },
  );

  it('arms nothing that a person stopped: it says who, why, and that a resume does', async () => {
    await desk.at(() =>
      desk
        .client()
        .changeTradingState({ body: { act: 'pause', by: 'cli for ann', reason: 'lunch' } }),
    );
    await expect(
      desk.client('cli').arm({ body: { by: 'bob', reason: 'as always' } }),
    ).rejects.toMatchObject({
      code: 'DESK_STOPPED',
      message: expect.stringMatching(/reducing, set by cli for ann at .*: lunch;.* resume it/),
    });
    const resume = () =>
      desk
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
      await desk.database.query(
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
      const network = await startCutOff(desk.database_url);
      const path = join(mkdtempSync(join(tmpdir(), 'catalyst-risk-')), 'home');
      const cutOff = await startTestService(riskService, {
        database_url: network.url,
        replay_start_at: '2026-03-10T08:00:00.000Z',
        keys: desk.keys,
        env: { CATALYST_HOME: path },
      });
      network.cut();
      await expect(
        desk.at(() =>
          cutOff.client().changeTradingState({ body: { act, by: 'ann', reason: 'strange' } }),
        ),
      ).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        message: expect.stringContaining('the desk is halted by its halt file'),
      });
      expect(readFileSync(join(path, 'state/halt'), 'utf8')).toMatch(/ann.*: strange/);
      network.mend();
      expect(await desk.at(() => cutOff.client().showStatus())).toMatchObject({
        trading_state: 'halted',
      });
      await cutOff.close();
      await network.close();
    },
    60_000,
  );

  it('halts by a file that anyone on the machine can make, and keeps its state over a restart', async () => {
    await desk.at(() =>
      desk.client().changeTradingState({ body: { act: 'halt', by: 'test', reason: 'drill' } }),
    );
    expect(existsSync(join(desk.home, 'state', 'halt'))).toBe(true);
    await desk.restart();
    expect((await desk.client().showStatus()).trading_state).toBe('halted');
    await desk.at(() =>
      desk
        .client()
        .changeTradingState({ body: { act: 'resume', by: 'test', reason: 'drill is over' } }),
    );
    writeFileSync(join(desk.home, 'state', 'halt'), 'by hand');
    expect(await desk.client().showStatus()).toMatchObject({
      trading_state: 'halted',
      reason: 'by hand',
    });
    // what was seen stays: taking the file away resumes nothing
    rmSync(join(desk.home, 'state', 'halt'));
    expect(await desk.client().showStatus()).toMatchObject({
      trading_state: 'halted',
      reason: 'by hand',
    });
    writeFileSync(join(desk.home, 'state', 'halt'), 'again\n\u001b[2Jby hand');
    expect((await desk.client().showStatus()).reason).toBe('again [2Jby hand');
    const resumed = await desk.at(() =>
      desk.client().changeTradingState({ body: { act: 'resume', by: 'test', reason: 'again' } }),
    );
    expect(resumed).toMatchObject({
      trading_state: 'active',
      lifted: { set_by: 'halt_file', removed_halt_file: true },
    });
    expect(existsSync(join(desk.home, 'state', 'halt'))).toBe(false);
  });
});
