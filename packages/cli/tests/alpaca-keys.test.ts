import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@catalyst/platform';
import { loadDay, startSimulator } from '@catalyst/simulator';
import { runCatalyst, temporaryFolder } from './run-catalyst.ts';

const folder = temporaryFolder();
const home = join(folder.path, 'home');
const day_dir = new URL('../../simulator/days/2026-03-24', import.meta.url).pathname;
let simulator: Awaited<ReturnType<typeof startSimulator>>;
let env: Record<string, string>;
beforeAll(async () => {
  simulator = await startSimulator({ day: await loadDay(day_dir), at: '10:00' });
  const { key_id, secret_key } = simulator.accounts[0]!;
  env = {
    ALPACA_API_KEY: key_id,
    ALPACA_SECRET_KEY: secret_key,
    ALPACA_TRADING_URL: simulator.url,
    ALPACA_DATA_URL: simulator.url,
  };
});
afterAll(async () => {
  await simulator.close();
  folder.remove();
});

const up = (changed: Record<string, string>) =>
  runCatalyst(['up', '--embedded', '--mode', 'paper'], { home, env: { ...env, ...changed } });

describe('the keys of the broker', () => {
  it('are tried by the doctor, who says whose they are', async () => {
    const { stdout } = await runCatalyst(['doctor', '--json'], { home, env });
    const { checks } = JSON.parse(stdout) as { checks: { name: string; detail: string }[] };
    expect(checks.find(({ name }) => name === 'alpaca')).toMatchObject({
      status: 'ok',
      detail: `takes the keys: account ${simulator.accounts[0]!.account_number} is ACTIVE, the market is open`,
    });
  });

  it('that are refused end the doctor and the start with a guess why, before anything starts', async () => {
    const wrong = { ALPACA_API_KEY: 'AKAB12CD34EF56GH78IJ' };
    const { stdout } = await runCatalyst(['doctor', '--json'], { home, env: { ...env, ...wrong } });
    const { checks } = JSON.parse(stdout) as { checks: { name: string; detail: string }[] };
    expect(checks.find(({ name }) => name === 'alpaca')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('these look like live keys'),
    });
    const started = await up(wrong);
    expect(started).toMatchObject({
      code: 78,
      stdout: '',
      stderr: expect.stringContaining('these look like live keys'),
    });
    expect(started.stderr).not.toMatch(/[{}]|\n\s+at /);
    expect(existsSync(join(home, 'parts'))).toBe(false);
  });

  it.each([
    [
      'quotes around them',
      { ALPACA_SECRET_KEY: '"quoted"' },
      78,
      /ALPACA_SECRET_KEY: the value has quotes/,
    ],
    ['no value', { ALPACA_SECRET_KEY: '' }, 78, /ALPACA_SECRET_KEY is not set/],
    [
      'another account',
      { DESK_ACCOUNT: 'PA000' },
      78,
      /DESK_ACCOUNT is PA000 but the keys are those of/,
    ],
  ])('with %s start nothing and say so', async (_what, changed, code, words) => {
    const started = await up(changed);
    expect(started).toMatchObject({ code, stderr: expect.stringMatching(words) });
    expect(started.stderr).not.toMatch(/[{}]|\n\s+at /);
    expect(existsSync(join(home, 'parts'))).toBe(false);
  });

  it('start nothing where nobody answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const started = await up({ ALPACA_TRADING_URL: url });
    expect(started).toMatchObject({
      code: 3,
      stderr: 'catalyst: alpaca did not answer account (ECONNREFUSED)\n',
    });
    expect(existsSync(join(home, 'parts'))).toBe(false);
  });
});
