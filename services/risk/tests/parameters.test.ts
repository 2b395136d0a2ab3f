import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { NOW, openRisk, type RiskDesk } from './open-risk.ts';

let desk: RiskDesk;
beforeAll(async () => {
  desk = await openRisk(['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG']);
  await desk.arm();
});
afterAll(() => desk.close());

describe('risk parameters', () => {
  const path = () => join(desk.home, 'config', 'risk_parameters.yaml');
  let version = 0;
  beforeEach(async () => {
    version = (await desk.client().showParameters()).version;
  });

  it('take effect within two seconds of a save, as a new version', async () => {
    writeFileSync(
      path(),
      readFileSync(path(), 'utf8').replace('max_positions: 5 ', 'max_positions: 4 '),
    );
    await eventually(
      async () =>
        expect(await desk.client().showParameters()).toMatchObject({
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
      const health = (await (await fetch(`${desk.url()}/health`)).json()) as {
        status: string;
        notes: string[];
      };
      expect(health.status).toBe('degraded');
      expect(health.notes.join()).toMatch(/line \d+: max_positions/);
    }, 2000);
    expect((await desk.client().showParameters()).parameters.max_positions).toBe(4);
    writeFileSync(path(), good);
  });
  it.each([
    ['half written', (good: string) => good.slice(0, good.indexOf('max_sector_ratio')), /missing/],
    ['empty', () => '', /the file holds no limits/],
    ['cut within a line', (good: string) => `${good.slice(0, 400)}"`, /line \d+/],
    [
      'not a number',
      (good: string) => good.replace(/max_positions: \d+/, 'max_positions: .nan'),
      /max_positions/,
    ],
    [
      'endless',
      (good: string) => good.replace(/max_gross_ratio: \d+/, 'max_gross_ratio: .inf'),
      /max_gross_ratio/,
    ],
    [
      'negative',
      (good: string) => good.replace(/max_positions: \d+/, 'max_positions: -5'),
      /max_positions/,
    ],
    [
      'beyond its range',
      (good: string) => good.replace(/max_positions: \d+/, 'max_positions: 99'),
      /from 1 to 10, was 99/,
    ],
    [
      'dead',
      (good: string) => good.replace(/daily_loss_limit_usd: \d+/, 'daily_loss_limit_usd: 1'),
      /not even a sample trade passes/,
    ],
    [
      'with a line too many',
      (good: string) => `${good}\nmax_luck: 7\n`,
      /max_luck: not a risk parameter/,
    ],
  ])('keep the old values when the file is %s, and say why', async (_, spoil, why) => {
    const good = readFileSync(path(), 'utf8');
    const notes = async (): Promise<string> =>
      ((await (await fetch(`${desk.url()}/health`)).json()) as { notes: string[] }).notes.join();
    writeFileSync(path(), spoil(good));
    await eventually(async () => expect(await notes()).toMatch(why));
    expect((await desk.client().showParameters()).version).toBe(version);
    writeFileSync(path(), good);
    await eventually(async () => expect(await notes()).not.toContain('not in force'));
  });

  it('stay when the file is removed, which is said, and stand in it again after a restart', async () => {
    const before = (await desk.client().showParameters()).parameters;
    rmSync(path());
    const notes = async (): Promise<string[]> =>
      ((await (await fetch(`${desk.url()}/health`)).json()) as { notes: string[] }).notes;
    await eventually(async () =>
      expect(await notes()).toEqual([
        expect.stringMatching(/^risk_parameters.yaml is not in force: the file was removed/),
      ]),
    );
    expect((await desk.client().showParameters()).parameters).toEqual(before);
    await desk.restart();
    expect(await desk.client().showParameters()).toMatchObject({ version, parameters: before });
    expect(readFileSync(path(), 'utf8')).toContain('# open positions');
    expect(await notes()).toEqual([]);
  });

  it('say which of them makes another idle on the account', async () => {
    expect((await desk.client().showParameters()).warnings).toEqual([]);
    await desk.setAccount('100001');
    expect((await desk.client().showParameters()).warnings).toEqual([
      expect.stringMatching(/^max_positions 4 with risk_per_trade_ratio 0.005 may risk \$2,000.02/),
    ]);
    expect(await desk.at(() => desk.client().showLimits())).toEqual({
      status: await desk.at(() => desk.client().showStatus()),
      limits: await desk.client().showParameters(),
    });
    await desk.setAccount('100000');
  });

  it('in dollars are refused in the file where they are more than the account bears, with the line', async () => {
    const good = readFileSync(path(), 'utf8');
    const notes = async (): Promise<string> =>
      ((await (await fetch(`${desk.url()}/health`)).json()) as { notes: string[] }).notes.join();
    const later = new Date(Date.parse(NOW) + 30 * 86_400_000).toISOString();
    await desk.setAccount('30000', later);
    await desk.database.query(
      'UPDATE account_snapshots SET last_equity_usd = 30000 WHERE read_at = $1',
      [later],
    );
    writeFileSync(path(), good.replace(/daily_loss_limit_usd: \d+/, 'daily_loss_limit_usd: 4000'));
    await eventually(async () =>
      expect(await notes()).toMatch(
        /is not in force: daily_loss_limit_usd: at most 10 % of the equity of \$30000.00, which is \$3000.00, was 4000/,
      ),
    );
    expect((await desk.client().showParameters()).version).toBe(version);
    writeFileSync(path(), good);
    await eventually(async () => expect(await notes()).not.toContain('daily_loss_limit_usd'));

    // what was in force already is lowered to what the account bears, and said
    await desk.database.query(
      'UPDATE account_snapshots SET equity_usd = 9000, last_equity_usd = 10000 WHERE read_at = $1',
      [later],
    );
    expect(await desk.at(() => desk.client().showStatus(), later)).toMatchObject({
      daily_loss_limit_usd: '1000',
      daily_loss_used_ratio: 1,
    });
    expect(await notes()).toContain('was 2000: 1000 is in force');
    await desk.database.query('DELETE FROM account_snapshots WHERE read_at = $1', [later]);
    expect((await desk.at(() => desk.client().showStatus())).daily_loss_limit_usd).toBe('2000');
    expect(await notes()).not.toContain('in force');
  });
  it('change by a tool within the hard ceiling, keeping the comments of the file', async () => {
    const change = await desk.at(() =>
      desk.client().updateParameter({
        params: { name: 'max_positions' },
        body: { value: 3, by: 'claude', reason: 'a quiet day' },
      }),
    );
    expect(change).toMatchObject({ old_value: 4, new_value: 3 });
    expect(readFileSync(path(), 'utf8')).toMatch(/max_positions: 3 +# open positions/);
  });
  it('cannot be lifted above the hard ceiling, set to nonsense, or contradict each other', async () => {
    const set = (name: string, value: number | boolean) =>
      desk.at(() =>
        desk
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
