import { describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { startMailCatcher } from '../mail-catcher.ts';
import { DATE, seedDay } from '../trading-day.ts';
import { deskForEach } from './reporting-desk.ts';

const desk = deskForEach();

describe('the daily report', () => {
  it('is mailed once, however often it is asked for, also after a restart', async () => {
    await seedDay(desk.database);
    await desk.start();
    const [first, second] = await Promise.all([desk.make(), desk.make()]);
    await desk.service.close();
    await desk.start();
    const third = await desk.make();
    expect([second, third]).toEqual([first, first]);
    expect(desk.catcher.mails).toHaveLength(1);
    const { trades: events } = (
      await desk.database.query<{ trades: number }>(
        "SELECT count(*) AS trades FROM outbox WHERE channel = 'catalyst:report_ready'",
      )
    )[0]!;
    expect(events).toBe(1);
  });

  it('is mailed again when its numbers changed, under another Message-ID', async () => {
    await seedDay(desk.database);
    await desk.start();
    const first = await desk.make();
    await desk.database.query(
      "UPDATE positions SET realized_pnl_usd = '221.00' WHERE realized_pnl_usd = 220",
    );
    const second = await desk.make();
    expect(second).toMatchObject({
      report_id: first.report_id,
      performance: { realized_pnl_usd: '157.50' },
    });
    expect(desk.catcher.mails.map((mail) => mail.messageId)).toEqual([
      first.mail.message_id,
      second.mail.message_id,
    ]);
    expect(second.mail.message_id).not.toBe(first.mail.message_id);
  });

  it('is sent again with the same Message-ID after a crash between the sending and its mark', async () => {
    await seedDay(desk.database);
    await desk.start();
    const { mail } = await desk.make();
    await desk.service.close();
    await desk.database.query(
      "UPDATE mail_outbox SET status = 'pending', attempts = 0, sent_at = NULL",
    );
    await desk.start();
    await eventually(() =>
      expect(desk.catcher.mails.map((sent) => sent.messageId)).toEqual([
        mail.message_id,
        mail.message_id,
      ]),
    );
  });

  it('shows a mail that the server did not take, and sends it once the server is back', async () => {
    await seedDay(desk.database);
    desk.catcher.setBusy(true);
    await desk.start();
    const failed = await desk.make();
    expect(failed.mail).toMatchObject({ status: 'failed', attempts: 3 });
    expect(failed.mail.error).toContain('come again later');
    const health = (await (await fetch(`${desk.service.url}/health`)).json()) as {
      status: string;
      notes: string[];
    };
    expect(health).toMatchObject({
      status: 'degraded',
      notes: [expect.stringContaining('could not be mailed')],
    });
    desk.catcher.setBusy(false);
    expect((await desk.make()).mail).toMatchObject({ status: 'sent', attempts: 4, error: null });
    expect(desk.catcher.mails).toHaveLength(1);
  });

  it('sends at its start what failed because no server listened', async () => {
    await seedDay(desk.database);
    await desk.catcher.close();
    await desk.start();
    expect((await desk.make()).mail).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('ECONNREFUSED'),
    });
    await desk.service.close();
    desk.catcher = await startMailCatcher(desk.catcher.port);
    await desk.start();
    // the server has it a moment before its row says so
    await eventually(async () => {
      const { mail } = await desk.service
        .client()
        .showDailyReport({ params: { trade_date: DATE } });
      expect(mail.status).toBe('sent');
    });
    expect(desk.catcher.mails).toHaveLength(1);
  });

  it('that was corrected while its first mail still waited is mailed once, with the right numbers', async () => {
    await seedDay(desk.database);
    desk.catcher.setBusy(true);
    await desk.start();
    const first = await desk.make();
    await desk.database.query(
      "UPDATE positions SET realized_pnl_usd = '221.00' WHERE realized_pnl_usd = 220",
    );
    const second = await desk.make();
    desk.catcher.setBusy(false);
    expect((await desk.make()).mail).toMatchObject({ status: 'sent', attempts: 4 });
    expect(desk.catcher.mails).toMatchObject([
      { messageId: second.mail.message_id, subject: expect.stringContaining('+$157.50') },
    ]);
    expect(first.mail.message_id).not.toBe(second.mail.message_id);
  });

  it('is stored and says so when no mail is configured', async () => {
    await seedDay(desk.database);
    await desk.start({});
    expect((await desk.make()).mail).toEqual({
      status: 'not_configured',
      to: null,
      attempts: 0,
      message_id: null,
      error: null,
    });
    await desk.service.close();
    await desk.start();
    expect((await desk.make()).mail.status).toBe('sent');
  });

  it('refuses half of the mail settings and names what is missing', async () => {
    await expect(desk.start({ SMTP_URL: desk.catcher.url })).rejects.toThrow(
      /MAIL_FROM is not set[\s\S]*MAIL_TO is not set/,
    );
  });
});
