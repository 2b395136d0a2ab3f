import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { PlayedDay } from './played-day.ts';

/** The mail, the answer to Claude, and the rows that must be there afterwards. */
export const itReportsAndKeepsRows = (day: PlayedDay): void => {
  it('comes to its orders and positions again from what happened to them', async () => {
    const rebuilt = await day.replay.trading.rebuildBook({});
    expect(rebuilt).toMatchObject({ left_out: [], differences: [] });
    expect(rebuilt.positions).toBeGreaterThan(0);
    expect(rebuilt.fills).toBeGreaterThanOrEqual(2 * rebuilt.positions);
  });

  it('mails one report, in HTML and text, with the equity curve inline, that says replay and the result in its subject', () => {
    const [mail, ...more] = day.mails.filter(({ html }) => html);
    expect(more).toEqual([]);
    // the others are its alerts
    for (const { subject } of day.mails.filter(({ html }) => !html))
      expect(subject).toMatch(/^Catalyst REPLAY: (critical|warning|info) [A-Z_]+/);
    expect(mail!.subject).toMatch(/replay/i);
    expect(mail!.subject!.replaceAll(',', '')).toContain(
      day.report.performance.realized_pnl_usd.replace(/^-/, ''),
    );
    expect(mail!.text).toContain(day.report.trades[0]!.symbol);
    expect(mail!.html).toContain(day.report.trades[0]!.symbol);
    const picture = mail!.attachments.find((attachment) => attachment.mimeType === 'image/png');
    expect(picture).toBeDefined();
    expect(mail!.html).toContain(`cid:${picture!.contentId!.replace(/[<>]/g, '')}`);
    expect(readFileSync(join(dirname(day.report.report_path), 'report.txt'), 'utf8')).toContain(
      day.report.verdict,
    );
  });

  it('answers Claude\'s "how did we do today?" in one call when the day is over', async () => {
    const claude = new Client({ name: 'test', version: '1' });
    const { fleet, mcp_key } = day.replay.desk;
    await claude.connect(
      new StreamableHTTPClientTransport(new URL(`${fleet.urls.orchestration}/mcp`), {
        requestInit: { headers: { 'X-API-Key': mcp_key } },
      }),
    );
    const { content, structuredContent } = (await claude.callTool({
      name: 'get_performance_report',
    })) as CallToolResult;
    await claude.close();
    expect(structuredContent).toMatchObject({
      performance: {
        trades: day.report.trades.length,
        realized_pnl_usd: day.report.performance.realized_pnl_usd,
      },
      report: { verdict: day.report.verdict, reconciled: true },
    });
    expect(content).toMatchObject([
      { text: expect.stringContaining(`on ${day.report.trades.length} closed trade`) },
    ]);
  });

  it('writes an audit row for each approval and each order, under gapless numbers', async () => {
    const services = await day.query<{ service: string; n: number; last: number }>(
      'SELECT service, count(*)::int8 AS n, max(seq) AS last FROM audit_log GROUP BY service',
    );
    expect(services.map((row) => row.service)).toEqual(expect.arrayContaining(['risk', 'trading']));
    for (const row of services) expect(row.n).toBe(row.last);
    const streams = await day.query<{ service: string; n: number; last: number }>(
      'SELECT service, count(*)::int8 AS n, max(seq) AS last FROM outbox GROUP BY service',
    );
    for (const row of streams) expect(row.n).toBe(row.last);
  });

  it('publishes what it committed', async () => {
    const [waiting] = await day.query<{ n: number }>(
      'SELECT count(*)::int8 AS n FROM outbox WHERE published_at IS NULL',
    );
    expect(waiting!.n).toBe(0);
  });
};
