import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newYorkTime, nyseCalendar } from '@catalyst/domain';
import { startMailCatcher, type MailCatcher } from '../services/reporting/tests/mail-catcher.ts';

/** Copied away from the checkout: it needs Node alone. */
const folder = mkdtempSync(join(tmpdir(), 'catalyst-watchdog-'));
const watchdog = join(folder, 'watchdog');
let status = 'healthy';
const hooks: string[] = [];
const server = createServer((request, response) => {
  if (request.url === '/hook') {
    request.on('data', (chunk: Buffer) => void hooks.push(chunk.toString()));
    request.on('end', () => void response.end());
    return;
  }
  const body = request.url === '/health/trading' ? { status } : { status: 'healthy' };
  response.end(JSON.stringify(body));
});
let address: string;
let catcher: MailCatcher;

const run = (args: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [watchdog, ...args],
      { env: { PATH: process.env.PATH ?? '', ...env }, timeout: 30_000 },
      (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
const lookAt = (clock: string, env: Record<string, string> = {}, date = '2026-03-24') =>
  run(['--once', '--at', newYorkTime(date, clock)], {
    WATCH_URL: address,
    SMTP_URL: catcher.url,
    MAIL_FROM: 'Watchdog <watchdog@catalyst.test>',
    MAIL_TO: 'ann@catalyst.test',
    ALERT_WEBHOOK_URL: `${address}/hook`,
    ...env,
  });

beforeAll(async () => {
  copyFileSync(join(import.meta.dirname, '../scripts/watchdog'), watchdog);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  catcher = await startMailCatcher();
});
beforeEach(() => {
  status = 'healthy';
  catcher.mails.length = 0;
  hooks.length = 0;
});
afterAll(async () => {
  await catcher.close();
  await new Promise((resolve) => void server.close(resolve));
  rmSync(folder, { recursive: true });
});

describe('the watchdog', () => {
  it('knows the days and bells of the exchange as the desk does', async () => {
    for (const year of [2026, 2027, 2028, 2032]) {
      const { stdout } = await run(['--calendar', String(year)]);
      expect(stdout.trim().split('\n')).toEqual(
        nyseCalendar(`${year}-01-01`, `${year}-12-31`).map(
          ({ date, open, close }) => `${date} ${open} ${close}`,
        ),
      );
    }
  });

  it('says nothing of a desk that is watching, even with less than it should', async () => {
    status = 'degraded';
    expect(await lookAt('10:00')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect([catcher.mails, hooks]).toEqual([[], []]);
  });

  it('tells by mail and webhook that the exchange is open and the desk is not well', async () => {
    status = 'unhealthy';
    expect((await lookAt('10:00')).code).toBe(3);
    expect(catcher.mails).toHaveLength(1);
    expect(catcher.mails[0]).toMatchObject({
      subject: `Catalyst ${new URL(address).host}: the desk is not watching`,
      text: expect.stringContaining("the desk's trading is not well"),
    });
    expect(JSON.parse(hooks[0]!)).toEqual({
      text: expect.stringContaining('is not watching'),
      content: expect.stringContaining('is not watching'),
    });
  });

  it('tells that nobody answers, by the webhook alone where the mail server is away', async () => {
    const away = { WATCH_URL: 'http://127.0.0.1:9', SMTP_URL: 'smtp://127.0.0.1:9' };
    const { code, stderr } = await lookAt('15:59', away);
    expect([code, hooks.length]).toEqual([3, 1]);
    expect(hooks[0]).toContain('does not answer');
    expect(stderr).toContain('could not tell');
  });

  it('ends with 1 where nobody could be told', async () => {
    status = 'unhealthy';
    const nowhere = { SMTP_URL: 'smtp://127.0.0.1:9', ALERT_WEBHOOK_URL: 'http://127.0.0.1:9' };
    expect((await lookAt('10:00', nowhere)).code).toBe(1);
  });

  it.each([
    ['before the open and in its first minutes', '09:32', '2026-03-24'],
    ['after the close', '16:00', '2026-03-24'],
    ['after an early close', '13:00', '2026-11-27'],
    ['on a holiday', '11:00', '2026-11-26'],
    ['on a Sunday', '11:00', '2026-03-29'],
  ])('is silent %s', async (_when, clock, date) => {
    expect((await lookAt(clock, { WATCH_URL: 'http://127.0.0.1:9' }, date)).code).toBe(0);
    expect(catcher.mails).toEqual([]);
  });

  it('says all that is missing, and refuses to watch', async () => {
    const { code, stderr } = await run(['--once']);
    expect(code).toBe(78);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });
});
