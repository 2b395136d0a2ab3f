import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { tradesDigest } from '@catalyst/domain';
import { nakedMinutes } from '@catalyst/platform';
import { readSamples, sumOf } from '../../benchmarks/trading-day/profile.ts';
import type { PlayedDay } from './played-day.ts';

/** Each trade, from its entry to its exit, and the broker on it. */
export const itMakesRoundTrips = (day: PlayedDay): void => {
  it('trades: every round trip has an approval, a decision, a headline that was known, and an exit with its reason', async () => {
    expect(day.report.trades.length).toBeGreaterThanOrEqual(5);
    const chain = await day.query<Record<string, string | null>>(
      "SELECT * FROM v_trade_chain WHERE status = 'closed' AND qty > 0",
    );
    expect(chain).toHaveLength(day.report.trades.length);
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
    const [unapproved] = await day.query<{ n: number }>(
      "SELECT count(*)::int8 AS n FROM orders WHERE role = 'entry' AND approval_id IS NULL",
    );
    expect(unapproved!.n).toBe(0);
  });

  it('enters nothing in the opening range and nothing in the last hour, and holds nothing after half past three', () => {
    for (const trade of day.report.trades) {
      expect(
        trade.entry_at > '2026-03-24T13:45:00.000Z' && trade.entry_at <= '2026-03-24T19:01:00.000Z',
      ).toBe(true);
      expect(trade.exit_at <= '2026-03-24T19:40:00.000Z').toBe(true);
    }
  });

  it('has a live stop at the broker for every open share, from the fill to the exit', () => {
    expect(nakedMinutes(day.ledger)).toEqual([]);
  });

  it('asks the broker less than six things a minute, in the account, its data and its orders together', async () => {
    const page = await (await fetch(`${day.replay.desk.fleet.urls.trading}/metrics`)).text();
    const samples = readSamples(page);
    const minutes = sumOf(samples, 'catalyst_http_request_seconds_count', {
      route: '/api/v1/positions/monitor',
    });
    const calls = sumOf(samples, 'catalyst_outside_call_seconds_count', { target: 'alpaca' });
    expect(minutes).toBeGreaterThan(300);
    expect(calls / minutes).toBeGreaterThan(3);
    expect(calls / minutes).toBeLessThan(6);
  });

  it("says the same as the broker's ledger: each fill once, same quantities and prices", async () => {
    const broker = day.ledger
      .filter((row) => row.kind === 'fill')
      .map((row) => `${String(row.execution_id)} ${String(row.qty)} ${String(row.price)}`)
      .sort();
    const desk = (
      await day.query<{ execution_id: string; qty: string; price: string }>(
        'SELECT execution_id, qty, price FROM fills',
      )
    )
      .map((fill) => `${fill.execution_id} ${fill.qty} ${fill.price}`)
      .sort();
    expect(desk).toEqual(broker);
    expect(day.report.fills).toBe(broker.length);
  });

  it('saw nothing before it was there: no article before its publication, no bar before its minute had ended', async () => {
    const [articles] = await day.query<{ n: number }>(
      'SELECT count(*)::int8 AS n FROM news_raw WHERE published_at > first_seen_at',
    );
    expect(articles!.n).toBe(0);
    const [decisions] = await day.query<{ n: number }>(
      'SELECT count(*)::int8 AS n FROM decision_logs d JOIN news_raw n USING (article_id) WHERE n.first_seen_at > d.decided_at',
    );
    expect(decisions!.n).toBe(0);
  });

  it('leaves the traps alone: the offering, the hidden instruction and the stories told twice', async () => {
    const duplicates = await day.query('SELECT 1 FROM news_raw WHERE duplicate_of IS NOT NULL');
    expect(duplicates.length).toBeGreaterThanOrEqual(2);
    const obeyed = await day.query(
      "SELECT 1 FROM decision_logs d JOIN news_raw n USING (article_id) WHERE d.kind = 'enter' AND n.headline ~* 'ignore (all )?previous'",
    );
    expect(obeyed).toEqual([]);
    const offerings = await day.query(
      "SELECT 1 FROM v_trade_chain WHERE headline ~* 'offering' AND direction = 'long'",
    );
    expect(offerings).toEqual([]);
  });

  it('gives the digest of its round trips', () => {
    expect(day.report.trades_digest).toBe(tradesDigest(day.report.trades));
    expect(day.report.trades_digest).toBe(
      JSON.parse(readFileSync(join(import.meta.dirname, '../bundled-day.json'), 'utf8'))
        .trades_digest,
    );
  });
};
