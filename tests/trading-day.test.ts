import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tradingSignal, type DailyReport } from '@catalyst/contracts';
import { tradesDigest } from '@catalyst/domain';
import { nakedMinutes, type LedgerRow } from '@catalyst/platform';
import { latestMails, readLedger, startReplay, BUNDLED_DAY, type Replay } from '@catalyst/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import PostalMime, { type Email } from 'postal-mime';

let replay: Replay;
let report: DailyReport;
let ledger: LedgerRow[];
let mails: Email[];

const query = <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> =>
  replay.database.query<T>(sql, values);

beforeAll(async () => {
  replay = await startReplay({ day_dir: BUNDLED_DAY });
  report = await replay.finish();
  ledger = await readLedger(replay);
  mails = await Promise.all(latestMails(replay).map((text) => PostalMime.parse(text)));
}, 240_000);
afterAll(() => replay?.stop());

describe('a trading day, from headline to mailed report', () => {
  it('ends closed, flat and reconciled to the cent', async () => {
    const { cycle } = await replay.workflow.showCurrentCycle();
    expect(cycle.state).toBe('closed');
    expect(report).toMatchObject({ open_positions: 0, open_orders: 0, mode: 'replay' });
    expect(report.reconciliation).toMatchObject({
      reconciled: true,
      differences: [],
      open_positions: 0,
      open_orders: 0,
    });
    expect(report.reconciliation!.desk_realized_pnl_usd).toBe(
      report.reconciliation!.broker_realized_pnl_usd,
    );
  });

  it('comes to its orders and positions again from what happened to them', async () => {
    const rebuilt = await replay.trading.rebuildBook({});
    expect(rebuilt).toMatchObject({ left_out: [], differences: [] });
    expect(rebuilt.positions).toBeGreaterThan(0);
    expect(rebuilt.fills).toBeGreaterThanOrEqual(2 * rebuilt.positions);
  });

  it('goes through its states in order, each one a row', async () => {
    const rows = await query<{ to: string }>(
      "SELECT details->>'to' AS to FROM workflow_log WHERE kind = 'transition' ORDER BY seq",
    );
    expect(rows.map((row) => row.to)).toEqual([
      'scheduled',
      'scanning',
      'ready',
      'trading',
      'closing',
      'reporting',
      'closed',
    ]);
  });

  it('narrows a hundred stocks to at most five before the open, and keeps a stage and a reason with numbers for every one', async () => {
    const [scan] = await query<{ scan_id: string; counts: Record<string, number> }>(
      "SELECT scan_id, counts FROM scans WHERE phase = 'pre_market' ORDER BY started_at LIMIT 1",
    );
    const counts = Object.values(scan!.counts);
    expect(scan!.counts.universe).toBe(100);
    expect(scan!.counts.ranking).toBe(5);
    expect(counts.every((count) => count > 0)).toBe(true);
    expect(
      scan!.counts.catalyst! <= 35 && scan!.counts.technical! <= 20 && scan!.counts.pattern! <= 10,
    ).toBe(true);
    const results = await query<{ reason: string }>(
      'SELECT reason FROM scan_results WHERE scan_id = $1',
      [scan!.scan_id],
    );
    expect(results.length).toBeGreaterThanOrEqual(100);
    expect(results.every((row) => row.reason.length >= 5)).toBe(true);
  });

  it('trades: every round trip has an approval, a decision, a headline that was known, and an exit with its reason', async () => {
    expect(report.trades.length).toBeGreaterThanOrEqual(5);
    const chain = await query<Record<string, string | null>>(
      "SELECT * FROM v_trade_chain WHERE status = 'closed' AND qty > 0",
    );
    expect(chain).toHaveLength(report.trades.length);
    for (const row of chain) {
      expect(row).toMatchObject({
        decision_id: expect.any(String),
        article_id: expect.any(String),
        headline: expect.any(String),
        catalyst_type: expect.any(String),
        exit_reason: expect.any(String),
        scan_id: expect.any(String),
      });
      expect(row.first_seen_at! < row.entered_at!).toBe(true);
      expect(row.published_at! <= row.first_seen_at!).toBe(true);
    }
    const [unapproved] = await query<{ n: number }>(
      "SELECT count(*)::int8 AS n FROM orders WHERE role = 'entry' AND approval_id IS NULL",
    );
    expect(unapproved!.n).toBe(0);
  });

  it('tells the story of each stock that was traded: every link is there, in order of time', async () => {
    for (const trade of report.trades) {
      const story = await replay.reporting.tellStory({
        params: { symbol: trade.symbol },
        query: {},
      });
      const entry = story.decisions.find(({ kind }) => kind === 'enter')!;
      const article = story.news.find(({ article_id }) => article_id === entry.article_id)!;
      const scan = story.scans.find(({ scan_id }) => scan_id === entry.scan_id)!;
      const review = story.reviews.find(({ intent_id }) => intent_id === entry.intent_id)!;
      const signal = story.signals.find(({ decision_id }) => decision_id === entry.decision_id)!;
      const position = story.positions.find(({ intent_id }) => intent_id === entry.intent_id)!;
      expect([scan.passed, review.decision.verdict]).toEqual([true, 'approved']);
      const times = [
        article.first_seen_at,
        scan.completed_at,
        entry.decided_at,
        review.decided_at,
        signal.created_at,
        position.entered_at!,
        position.exited_at!,
      ];
      expect(times).toEqual([...times].sort());
      const bought = story.orders
        .filter(({ role }) => role === 'entry')
        .flatMap(({ fills }) => fills.map(({ qty }) => Number(qty)));
      expect(bought.reduce((sum, qty) => sum + qty, 0)).toBe(Number(trade.qty));
      expect(position).toMatchObject({
        position_id: trade.position_id,
        r_multiple: trade.r_multiple,
        exit_reason: trade.exit_reason,
      });
      expect(Number(position.realized_pnl_usd)).toBeCloseTo(Number(trade.realized_pnl_usd), 2);
    }
  });

  it('keeps a log of signals without a gap: what risk approved, and what became of each', async () => {
    const rows = await query<{ payload: unknown; seq: number }>(
      'SELECT seq, payload FROM trading_signals ORDER BY seq',
    );
    const log = rows.map(({ payload }) => tradingSignal.parse(payload));
    expect(log.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    expect(log[0]!.kind).toBe('desk_resumed');
    const firsts = log.filter(({ kind }) => kind === 'signal');
    const approved = await query("SELECT 1 FROM risk_decisions WHERE verdict = 'approved'");
    expect(firsts).toHaveLength(approved.length);
    const lifeOf = ({ seq }: { seq: number }): string[] =>
      log.filter((row) => 'about' in row && row.about.seq === seq).map(({ kind }) => kind);
    const lives = firsts.map((first) => lifeOf(first).filter((kind) => kind !== 'levels'));
    expect(lives.filter((life) => life.join() === 'entered,closed')).toHaveLength(
      report.trades.length,
    );
    expect(lives.filter((life) => life.join() === 'cancelled')).toHaveLength(
      firsts.length - report.trades.length,
    );
    for (const trade of report.trades) {
      const closed = log.find((row) => row.kind === 'closed' && row.symbol === trade.symbol);
      expect(closed).toMatchObject({
        closed: { price: trade.exit_price, reason: trade.exit_reason },
        chain: { headline: expect.any(String) },
        relative_volume: expect.any(Number),
        sector: expect.any(String),
      });
    }
    const [{ states }] = (await query<{ states: string[] }>(
      'SELECT array_agg(DISTINCT state) AS states FROM signal_states',
    )) as [{ states: string[] }];
    expect(states).not.toContain('announced');
  });

  it('tells what risk refused, where the rest ended, and which stock was perhaps meant', async () => {
    const traded = new Set(report.trades.map(({ symbol }) => symbol));
    const refused = await query<{ symbol: string; message: string }>(
      "SELECT symbol, decision->>'message' AS message FROM risk_decisions JOIN securities USING (security_id) WHERE verdict = 'refused'",
    );
    const untraded = refused.filter(({ symbol }) => !traded.has(symbol));
    expect(untraded.length).toBeGreaterThan(0);
    const story = (symbol: string) => replay.reporting.tellStory({ params: { symbol }, query: {} });
    for (const { symbol, message } of untraded)
      expect((await story(symbol)).verdict).toContain(message);
    const [fallen] = await query<{ symbol: string; reason: string }>(
      "SELECT symbol, reason FROM scan_results JOIN securities USING (security_id) WHERE stage = 'universe' AND NOT passed ORDER BY symbol LIMIT 1",
    );
    expect((await story(fallen!.symbol)).verdict).toMatch(/no farther than the stage \w+, last at/);
    await expect(story(`${report.trades[0]!.symbol}X`)).rejects.toMatchObject({
      code: 'UNKNOWN_SYMBOL',
      message: expect.stringContaining(`did you mean ${report.trades[0]!.symbol}`),
    });
  });

  it('enters nothing in the opening range and nothing in the last hour, and holds nothing after half past three', () => {
    for (const trade of report.trades) {
      expect(
        trade.entry_at > '2026-03-24T13:45:00.000Z' && trade.entry_at <= '2026-03-24T19:01:00.000Z',
      ).toBe(true);
      expect(trade.exit_at <= '2026-03-24T19:40:00.000Z').toBe(true);
    }
  });

  it('has a live stop at the broker for every open share, from the fill to the exit', () => {
    expect(nakedMinutes(ledger)).toEqual([]);
  });

  it("says the same as the broker's ledger: each fill once, same quantities and prices", async () => {
    const broker = ledger
      .filter((row) => row.kind === 'fill')
      .map((row) => `${String(row.execution_id)} ${String(row.qty)} ${String(row.price)}`)
      .sort();
    const desk = (
      await query<{ execution_id: string; qty: string; price: string }>(
        'SELECT execution_id, qty, price FROM fills',
      )
    )
      .map((fill) => `${fill.execution_id} ${fill.qty} ${fill.price}`)
      .sort();
    expect(desk).toEqual(broker);
    expect(report.fills).toBe(broker.length);
  });

  it('saw nothing before it was there: no article before its publication, no bar before its minute had ended', async () => {
    const [articles] = await query<{ n: number }>(
      'SELECT count(*)::int8 AS n FROM news_raw WHERE published_at > first_seen_at',
    );
    expect(articles!.n).toBe(0);
    const [decisions] = await query<{ n: number }>(
      'SELECT count(*)::int8 AS n FROM decision_logs d JOIN news_raw n USING (article_id) WHERE n.first_seen_at > d.decided_at',
    );
    expect(decisions!.n).toBe(0);
  });

  it('leaves the traps alone: the offering, the hidden instruction and the stories told twice', async () => {
    const duplicates = await query('SELECT 1 FROM news_raw WHERE duplicate_of IS NOT NULL');
    expect(duplicates.length).toBeGreaterThanOrEqual(2);
    const obeyed = await query(
      "SELECT 1 FROM decision_logs d JOIN news_raw n USING (article_id) WHERE d.kind = 'enter' AND n.headline ~* 'ignore (all )?previous'",
    );
    expect(obeyed).toEqual([]);
    const offerings = await query(
      "SELECT 1 FROM v_trade_chain WHERE headline ~* 'offering' AND direction = 'long'",
    );
    expect(offerings).toEqual([]);
  });

  it('gives the digest of its round trips', () => {
    expect(report.trades_digest).toBe(tradesDigest(report.trades));
    expect(report.trades_digest).toBe(
      JSON.parse(readFileSync(join(import.meta.dirname, 'bundled-day.json'), 'utf8')).trades_digest,
    );
  });

  it('mails one report, in HTML and text, with the equity curve inline, that says replay and the result in its subject', () => {
    const [mail, ...more] = mails.filter(({ html }) => html);
    expect(more).toEqual([]);
    // the others are its alerts
    for (const { subject } of mails.filter(({ html }) => !html))
      expect(subject).toMatch(/^Catalyst REPLAY: (critical|warning|info) [A-Z_]+/);
    expect(mail!.subject).toMatch(/replay/i);
    expect(mail!.subject!.replaceAll(',', '')).toContain(
      report.performance.realized_pnl_usd.replace(/^-/, ''),
    );
    expect(mail!.text).toContain(report.trades[0]!.symbol);
    expect(mail!.html).toContain(report.trades[0]!.symbol);
    const picture = mail!.attachments.find((attachment) => attachment.mimeType === 'image/png');
    expect(picture).toBeDefined();
    expect(mail!.html).toContain(`cid:${picture!.contentId!.replace(/[<>]/g, '')}`);
    expect(readFileSync(join(dirname(report.report_path), 'report.txt'), 'utf8')).toContain(
      report.verdict,
    );
  });

  it('answers Claude\'s "how did we do today?" in one call when the day is over', async () => {
    const claude = new Client({ name: 'test', version: '1' });
    const { fleet, mcp_key } = replay.desk;
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
        trades: report.trades.length,
        realized_pnl_usd: report.performance.realized_pnl_usd,
      },
      report: { verdict: report.verdict, reconciled: true },
    });
    expect(content).toMatchObject([
      { text: expect.stringContaining(`on ${report.trades.length} closed trade`) },
    ]);
  });

  it('writes an audit row for each approval and each order, under gapless numbers', async () => {
    const services = await query<{ service: string; n: number; last: number }>(
      'SELECT service, count(*)::int8 AS n, max(seq) AS last FROM audit_log GROUP BY service',
    );
    expect(services.map((row) => row.service)).toEqual(expect.arrayContaining(['risk', 'trading']));
    for (const row of services) expect(row.n).toBe(row.last);
    const streams = await query<{ service: string; n: number; last: number }>(
      'SELECT service, count(*)::int8 AS n, max(seq) AS last FROM outbox GROUP BY service',
    );
    for (const row of streams) expect(row.n).toBe(row.last);
  });

  it('publishes what it committed', async () => {
    const [waiting] = await query<{ n: number }>(
      'SELECT count(*)::int8 AS n FROM outbox WHERE published_at IS NULL',
    );
    expect(waiting!.n).toBe(0);
  });

  it('refuses a second cycle on the date, a universe outside 50 to 200 and a scan of ten', async () => {
    await expect(
      replay.workflow.startCycle({ body: { trade_date: replay.trade_date } }),
    ).rejects.toMatchObject({ code: 'CYCLE_EXISTS', status: 409 });
    await expect(
      replay.workflow.startCycle({ body: { trade_date: '2026-03-25', universe_size: 10 } }),
    ).rejects.toMatchObject({
      code: 'INVALID_UNIVERSE_SIZE',
      details: { provided: 10, min: 50, max: 200 },
    });
    const { cycle } = await replay.workflow.showCurrentCycle();
    await expect(
      replay.scanner.startScan({ body: { cycle_id: cycle.cycle_id, universe_size: 10 } }),
    ).rejects.toMatchObject({
      code: 'INVALID_UNIVERSE_SIZE',
      details: { provided: 10, min: 50, max: 200 },
    });
  });
});
