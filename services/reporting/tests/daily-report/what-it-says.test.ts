import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { stableId, tradesDigest } from '@catalyst/domain';
import { CYCLE, DATE, HOSTILE_HEADLINE, REPORT_AT, seedDay, TRADES } from '../trading-day.ts';
import { deskForEach } from './reporting-desk.ts';

const desk = deskForEach();

describe('the daily report', () => {
  it('states the day: trades, performance, books, scan, news and the next session', async () => {
    await seedDay(desk.database);
    await desk.start();
    const report = await desk.make();
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
    await seedDay(desk.database);
    await desk.start();
    const report = await desk.make();
    const [mail] = desk.catcher.mails;
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
    await seedDay(desk.database);
    await desk.start();
    const { report_path } = await desk.make();
    expect(report_path).toBe(join(desk.home, 'reports', DATE, 'report.html'));
    for (const name of ['report.html', 'report.txt', 'equity.png', 'report.json'])
      expect(existsSync(join(dirname(report_path), name))).toBe(true);
    expect(
      JSON.parse(readFileSync(join(dirname(report_path), 'report.json'), 'utf8')),
    ).toMatchObject({ trade_date: DATE, trades_digest: expect.any(String) });
  });

  it('shows a hostile headline as words, in HTML and on one line of text', async () => {
    await seedDay(desk.database, { trades: [{ ...TRADES[0]!, headline: HOSTILE_HEADLINE }] });
    await desk.start();
    await desk.make();
    const { html, text } = desk.catcher.mails[0]!;
    expect(html).not.toMatch(/<script|<img src=x|\u202E/);
    expect(html).toContain('&lt;script&gt;');
    expect(text!.split('\n').filter((line) => line.trim() === 'ERRORS')).toHaveLength(1);
    expect(text).not.toContain('\u202E');
  });

  it('lists the differences when the books do not agree with the broker', async () => {
    await seedDay(desk.database, { reconciled: false });
    await desk.start();
    const report = await desk.make();
    expect(report.subject).toBe('Catalyst REPLAY 2026-03-10: +$156.50, 3 trades, NOT RECONCILED');
    expect(report.verdict).toContain("the books differ from the broker's in 1 place");
    expect(desk.catcher.mails[0]!.html).toContain(
      'fill ACME: desk 100 shares, broker none; a person must look',
    );
  });

  it('lists what went wrong: critical alerts, failed jobs, refused orders', async () => {
    await seedDay(desk.database);
    const { database: db } = desk;
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
    await desk.start();
    const report = await desk.make();
    expect(report.limits_in_part).toEqual(['max_sector_ratio is not checked in full: 1 of 2']);
    expect(report.errors).toEqual([
      '10:01 job rescan: the scanner did not answer',
      '11:00 risk DAILY_LOSS_LIMIT: the limit is reached',
      '15:30 refused order sell 50 CRUX: insufficient buying power',
    ]);
  });

  it('is a report too when nothing was traded', async () => {
    await seedDay(desk.database, { trades: [] });
    await desk.start();
    expect(await desk.make()).toMatchObject({
      verdict: 'No trades; flat and reconciled with the broker.',
      trades: [],
      performance: { win_rate: { value: null }, profit_factor: { value: null, note: 'no trades' } },
    });
  });

  it('refuses a cycle that it does not know and a day without a report', async () => {
    await desk.start();
    await expect(desk.make()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      desk.service.client().showDailyReport({ params: { trade_date: DATE } }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
