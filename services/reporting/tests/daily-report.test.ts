import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { reportingApi } from '@catalyst/contracts';
import { stableId, tradesDigest } from '@catalyst/domain';
import {
  atStep,
  createTestDatabase,
  eventually,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { reportingService } from '../src/service.ts';
import { startMailCatcher, type MailCatcher } from './mail-catcher.ts';
import {
  CYCLE,
  DATE,
  HOSTILE_HEADLINE,
  REPORT_AT,
  seedDay,
  seedDesk,
  TRADES,
} from './trading-day.ts';

let database: TestDatabase;
let catcher: MailCatcher;
let service: TestService<typeof reportingApi>;
let home: string;

const start = (
  env: Record<string, string> = {
    SMTP_URL: catcher.url,
    MAIL_FROM: 'Catalyst <desk@catalyst.test>',
    MAIL_TO: 'operator@catalyst.test',
  },
) =>
  startTestService(reportingService, {
    database_url: database.url,
    replay_start_at: '2026-03-10T08:00:00.000Z',
    env: { CATALYST_HOME: home, ...env },
  });
const make = () =>
  atStep(REPORT_AT, () => service.client().makeDailyReport({ body: { cycle_id: CYCLE } }));

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'catalyst-report-'));
  [database, catcher] = await Promise.all([createTestDatabase(), startMailCatcher()]);
  await seedDesk(database.database);
});
afterEach(async () => {
  await service?.close();
  await Promise.all([database.drop(), catcher.close()]);
  rmSync(home, { recursive: true, force: true });
});

describe('the daily report', () => {
  it('states the day: trades, performance, books, scan, news and the next session', async () => {
    await seedDay(database.database);
    service = await start();
    const report = await make();
    expect(report).toMatchObject({
      trade_date: DATE,
      mode: 'replay',
      cycle_state: 'reporting',
      candidates: 5,
      universe: 100,
      securities: 3,
      orders: 6,
      fills: 6,
      open_positions: 0,
      open_orders: 0,
      errors: [],
      next_session: 'Wednesday, March 11, 2026, 09:30 to 13:00 New York (early close)',
      created_at: REPORT_AT,
      verdict: 'Made $156.50 on 3 trades, 2 won and 1 lost; flat and reconciled with the broker.',
      subject: 'Catalyst REPLAY 2026-03-10: +$156.50, 3 trades',
    });
    expect(report.performance).toMatchObject({
      trades: 3,
      wins: 2,
      losses: 1,
      realized_pnl_usd: '156.50',
      largest_win_usd: { value: 220, note: null },
      largest_loss_usd: { value: -101, note: null },
      average_win_usd: { value: 128.75, note: null },
      profit_factor: { value: 2.5495, note: null },
      average_hold_minutes: { value: 130, note: null },
      return_ratio: { value: 0.001565, note: null },
      sharpe_ratio: { value: null, note: 'needs 15 trading days, has 1' },
      by_pattern: [
        { pattern: 'bull_flag', trades: 2, realized_pnl_usd: '257.50' },
        { pattern: 'opening_range_breakout', trades: 1, realized_pnl_usd: '-101.00' },
      ],
    });
    expect(
      report.trades.map((trade) => [trade.symbol, trade.r_multiple, trade.hold_minutes]),
    ).toEqual([
      ['ACME', 2, 75],
      ['BOLT', -1, 15],
      ['CRUX', 0.5, 300],
    ]);
    expect(report.trades_digest).toBe(
      tradesDigest(
        TRADES.map(({ symbol, qty, entry, exit }) => ({
          symbol,
          side: 'long',
          qty,
          entry_at: entry[0],
          entry_price: entry[1],
          exit_at: exit[0],
          exit_price: exit[1],
          exit_reason: exit[2] as 'target',
        })),
      ),
    );
    expect(report.news).toEqual([
      {
        symbol: 'ACME',
        headline: 'Acme wins $2 billion contract',
        sentiment: 0.8,
        was_right: true,
      },
      {
        symbol: 'BOLT',
        headline: 'Bolt beats & raises <guidance>',
        sentiment: 0.7,
        was_right: false,
      },
    ]);
    expect(report.reconciliation).toMatchObject({
      reconciled: true,
      desk_realized_pnl_usd: '156.50',
      broker_realized_pnl_usd: '156.50',
    });
    expect(report.equity_curve).toHaveLength(25);
    expect(report.mail).toMatchObject({
      status: 'sent',
      to: 'operator@catalyst.test',
      attempts: 1,
      error: null,
    });
  });

  it('arrives as a mail with text, HTML and the equity curve inside, and says that it is a replay', async () => {
    await seedDay(database.database);
    service = await start();
    const report = await make();
    const [mail] = catcher.mails;
    expect(mail).toMatchObject({
      subject: report.subject,
      from: { name: 'Catalyst', address: 'desk@catalyst.test' },
      messageId: report.mail.message_id,
      date: REPORT_AT,
    });
    expect(mail!.text).toContain('Replay of a recorded day. Fills are simulated');
    expect(mail!.html).toContain('Fills are simulated');
    const [picture] = mail!.attachments;
    expect(picture).toMatchObject({
      mimeType: 'image/png',
      contentId: '<equity>',
      disposition: 'inline',
    });
    expect(
      Buffer.from(picture!.content as ArrayBuffer)
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(mail!.html).toContain('src="cid:equity"');
    for (const words of [
      '+$156.50',
      '67 %',
      '2.55',
      '+2.00 R',
      'closed above 45.10 with volume',
      'target reached',
      'To the cent',
    ]) {
      expect(mail!.html).toContain(words);
      expect(mail!.text).toContain(words);
    }
  });

  it('lies as files beside each other under CATALYST_HOME', async () => {
    await seedDay(database.database);
    service = await start();
    const { report_path } = await make();
    expect(report_path).toBe(join(home, 'reports', DATE, 'report.html'));
    for (const name of ['report.html', 'report.txt', 'equity.png', 'report.json'])
      expect(existsSync(join(dirname(report_path), name))).toBe(true);
    expect(
      JSON.parse(readFileSync(join(dirname(report_path), 'report.json'), 'utf8')),
    ).toMatchObject({ trade_date: DATE, trades_digest: expect.any(String) });
  });

  it('is mailed once, however often it is asked for, also after a restart', async () => {
    await seedDay(database.database);
    service = await start();
    const [first, second] = await Promise.all([make(), make()]);
    await service.close();
    service = await start();
    const third = await make();
    expect([second, third]).toEqual([first, first]);
    expect(catcher.mails).toHaveLength(1);
    const { trades: events } = (
      await database.database.query<{ trades: number }>(
        "SELECT count(*) AS trades FROM outbox WHERE channel = 'catalyst:report_ready'",
      )
    )[0]!;
    expect(events).toBe(1);
  });

  it('is mailed again when its numbers changed, under another Message-ID', async () => {
    await seedDay(database.database);
    service = await start();
    const first = await make();
    await database.database.query(
      "UPDATE positions SET realized_pnl_usd = '221.00' WHERE realized_pnl_usd = 220",
    );
    const second = await make();
    expect(second).toMatchObject({
      report_id: first.report_id,
      performance: { realized_pnl_usd: '157.50' },
    });
    expect(catcher.mails.map((mail) => mail.messageId)).toEqual([
      first.mail.message_id,
      second.mail.message_id,
    ]);
    expect(second.mail.message_id).not.toBe(first.mail.message_id);
  });

  it('is sent again with the same Message-ID after a crash between the sending and its mark', async () => {
    await seedDay(database.database);
    service = await start();
    const { mail } = await make();
    await service.close();
    await database.database.query(
      "UPDATE mail_outbox SET status = 'pending', attempts = 0, sent_at = NULL",
    );
    service = await start();
    await eventually(() =>
      expect(catcher.mails.map((sent) => sent.messageId)).toEqual([
        mail.message_id,
        mail.message_id,
      ]),
    );
  });

  it('shows a mail that the server did not take, and sends it once the server is back', async () => {
    await seedDay(database.database);
    catcher.setBusy(true);
    service = await start();
    const failed = await make();
    expect(failed.mail).toMatchObject({ status: 'failed', attempts: 3 });
    expect(failed.mail.error).toContain('come again later');
    const health = (await (await fetch(`${service.url}/health`)).json()) as {
      status: string;
      notes: string[];
    };
    expect(health).toMatchObject({
      status: 'degraded',
      notes: [expect.stringContaining('could not be mailed')],
    });
    catcher.setBusy(false);
    expect((await make()).mail).toMatchObject({ status: 'sent', attempts: 4, error: null });
    expect(catcher.mails).toHaveLength(1);
  });

  it('sends at its start what failed because no server listened', async () => {
    await seedDay(database.database);
    await catcher.close();
    service = await start();
    expect((await make()).mail).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('ECONNREFUSED'),
    });
    await service.close();
    catcher = await startMailCatcher(catcher.port);
    service = await start();
    // the server has it a moment before its row says so
    await eventually(async () => {
      const { mail } = await service.client().showDailyReport({ params: { trade_date: DATE } });
      expect(mail.status).toBe('sent');
    });
    expect(catcher.mails).toHaveLength(1);
  });

  it('that was corrected while its first mail still waited is mailed once, with the right numbers', async () => {
    await seedDay(database.database);
    catcher.setBusy(true);
    service = await start();
    const first = await make();
    await database.database.query(
      "UPDATE positions SET realized_pnl_usd = '221.00' WHERE realized_pnl_usd = 220",
    );
    const second = await make();
    catcher.setBusy(false);
    expect((await make()).mail).toMatchObject({ status: 'sent', attempts: 4 });
    expect(catcher.mails).toMatchObject([
      { messageId: second.mail.message_id, subject: expect.stringContaining('+$157.50') },
    ]);
    expect(first.mail.message_id).not.toBe(second.mail.message_id);
  });

  it('is stored and says so when no mail is configured', async () => {
    await seedDay(database.database);
    service = await start({});
    expect((await make()).mail).toEqual({
      status: 'not_configured',
      to: null,
      attempts: 0,
      message_id: null,
      error: null,
    });
    await service.close();
    service = await start();
    expect((await make()).mail.status).toBe('sent');
  });

  it('refuses half of the mail settings and names what is missing', async () => {
    await expect(start({ SMTP_URL: catcher.url })).rejects.toThrow(
      /MAIL_FROM is not set[\s\S]*MAIL_TO is not set/,
    );
  });

  it('shows a hostile headline as words, in HTML and on one line of text', async () => {
    await seedDay(database.database, { trades: [{ ...TRADES[0]!, headline: HOSTILE_HEADLINE }] });
    service = await start();
    await make();
    const { html, text } = catcher.mails[0]!;
    expect(html).not.toMatch(/<script|<img src=x|\u202E/);
    expect(html).toContain('&lt;script&gt;');
    expect(text!.split('\n').filter((line) => line.trim() === 'ERRORS')).toHaveLength(1);
    expect(text).not.toContain('\u202E');
  });

  it('lists the differences when the books do not agree with the broker', async () => {
    await seedDay(database.database, { reconciled: false });
    service = await start();
    const report = await make();
    expect(report.subject).toBe('Catalyst REPLAY 2026-03-10: +$156.50, 3 trades, NOT RECONCILED');
    expect(report.verdict).toContain("the books differ from the broker's in 1 place");
    expect(catcher.mails[0]!.html).toContain(
      'fill ACME: desk 100 shares, broker none; a person must look',
    );
  });

  it('lists what went wrong: critical alerts, failed jobs, refused orders', async () => {
    await seedDay(database.database);
    const { database: db } = database;
    await db.query(
      "INSERT INTO risk_events (event_id, cycle_id, severity, code, message, used_ratio, at) VALUES ($1, $2, 'critical', 'DAILY_LOSS_LIMIT', 'the limit is reached', 1, '2026-03-10T15:00:00Z')",
      [stableId('e'), CYCLE],
    );
    await db.query(
      "INSERT INTO job_runs (cycle_id, job, due_at, state, note, started_at, ended_at) VALUES ($1, 'rescan', '2026-03-10T14:00:00Z', 'failed', 'the scanner did not answer', '2026-03-10T14:00:00Z', '2026-03-10T14:01:00Z')",
      [CYCLE],
    );
    await db.query(
      "UPDATE orders SET status = 'refused', reason = 'insufficient buying power' WHERE role = 'exit' AND qty = 50",
    );
    await db.query(
      "INSERT INTO risk_events (event_id, cycle_id, severity, code, message, used_ratio, at) VALUES ($1, $2, 'warning', 'LIMIT_IN_PART', 'max_sector_ratio is not checked in full: 1 of 2', NULL, '2026-03-10T15:00:00Z')",
      [stableId('in part'), CYCLE],
    );
    service = await start();
    const report = await make();
    expect(report.limits_in_part).toEqual(['max_sector_ratio is not checked in full: 1 of 2']);
    expect(report.errors).toEqual([
      '10:01 job rescan: the scanner did not answer',
      '11:00 risk DAILY_LOSS_LIMIT: the limit is reached',
      '15:30 refused order sell 50 CRUX: insufficient buying power',
    ]);
  });

  it('is a report too when nothing was traded', async () => {
    await seedDay(database.database, { trades: [] });
    service = await start();
    expect(await make()).toMatchObject({
      verdict: 'No trades; flat and reconciled with the broker.',
      trades: [],
      performance: { win_rate: { value: null }, profit_factor: { value: null, note: 'no trades' } },
    });
  });

  it('refuses a cycle that it does not know and a day without a report', async () => {
    service = await start();
    await expect(make()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      service.client().showDailyReport({ params: { trade_date: DATE } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('performance and journal', () => {
  it('cover the day, the week and the month that end today, whichever day is opened for later', async () => {
    await seedDay(database.database);
    const earlier = (date: string) => ({
      date,
      trades: TRADES.slice(1, 2).map((trade) => ({
        ...trade,
        entry: [trade.entry[0].replace(DATE, date), trade.entry[1]] as [string, string],
        exit: [trade.exit[0].replace(DATE, date), trade.exit[1], trade.exit[2]] as [
          string,
          string,
          string,
        ],
      })),
    });
    await seedDay(database.database, earlier('2026-03-06'));
    await seedDay(database.database, earlier('2026-02-20'));
    // opened the evening before, or by a mistyped date
    await seedDay(database.database, { date: '2026-12-24', trades: [] });
    await database.database.query(
      `INSERT INTO positions (position_id, security_id, direction, status, qty, entered_qty,
         unrealized_pnl_usd, realized_pnl_usd, created_at, updated_at)
       VALUES ($1, get_or_create_security('HELD'), 'long', 'open', 50, 100, 88.5, -12.25, $2, $2)`,
      [stableId('held'), REPORT_AT],
    );
    service = await start();
    const show = (period: 'daily' | 'weekly' | 'monthly') =>
      service.client().showPerformance({ query: { period } });
    expect(await show('daily')).toMatchObject({
      from: DATE,
      to: DATE,
      trades: 3,
      sessions: 1,
      equity_change_usd: '156.50',
      open: { positions: 1, unrealized_pnl_usd: '88.50', realized_pnl_usd: '-12.25' },
    });
    const showDay = (trade_date: string) =>
      service.client().showPerformance({ query: { trade_date } });
    expect(await showDay('2026-03-06')).toMatchObject({ trades: 1, sessions: 1, open: null });
    expect(await showDay('2026-03-05')).toMatchObject({
      trades: 0,
      sessions: 0,
      equity_change_usd: null,
    });
    expect(await show('weekly')).toMatchObject({
      from: '2026-03-04',
      to: DATE,
      trades: 4,
      realized_pnl_usd: '55.50',
    });
    expect(await show('monthly')).toMatchObject({
      from: '2026-02-11',
      to: DATE,
      trades: 5,
      realized_pnl_usd: '-45.50',
    });
    const journal = await service.client('orchestration').showJournal({ query: { limit: 2 } });
    expect(journal.trades.map((trade) => trade.symbol)).toEqual(['CRUX', 'ACME']);
    expect(
      (await service.client().showJournal({ query: { trade_date: '2026-03-06' } })).trades,
    ).toHaveLength(1);
  });
});
