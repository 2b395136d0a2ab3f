import { expect, it } from '@jest/globals';
import { tradingSignal } from '@catalyst/contracts';
import type { PlayedDay } from './played-day.ts';

/** What the desk tells of a stock, and what it told its friends. */
export const itTellsStoriesAndSignals = (day: PlayedDay): void => {
  it('tells the story of each stock that was traded: every link is there, in order of time', async () => {
    for (const trade of day.report.trades) {
      const story = await day.replay.reporting.tellStory({
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
    const rows = await day.query<{ payload: unknown; seq: number }>(
      'SELECT seq, payload FROM trading_signals ORDER BY seq',
    );
    const log = rows.map(({ payload }) => tradingSignal.parse(payload));
    expect(log.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    expect(log[0]!.kind).toBe('desk_resumed');
    const firsts = log.filter(({ kind }) => kind === 'signal');
    const approved = await day.query("SELECT 1 FROM risk_decisions WHERE verdict = 'approved'");
    expect(firsts).toHaveLength(approved.length);
    const lifeOf = ({ seq }: { seq: number }): string[] =>
      log.filter((row) => 'about' in row && row.about.seq === seq).map(({ kind }) => kind);
    const lives = firsts.map((first) => lifeOf(first).filter((kind) => kind !== 'levels'));
    expect(lives.filter((life) => life.join() === 'entered,closed')).toHaveLength(
      day.report.trades.length,
    );
    expect(lives.filter((life) => life.join() === 'cancelled')).toHaveLength(
      firsts.length - day.report.trades.length,
    );
    for (const trade of day.report.trades) {
      const closed = log.find((row) => row.kind === 'closed' && row.symbol === trade.symbol);
      expect(closed).toMatchObject({
        closed: { price: trade.exit_price, reason: trade.exit_reason },
        chain: { headline: expect.any(String) },
        relative_volume: expect.any(Number),
        sector: expect.any(String),
      });
    }
    const [{ states }] = (await day.query<{ states: string[] }>(
      'SELECT array_agg(DISTINCT state) AS states FROM signal_states',
    )) as [{ states: string[] }];
    expect(states).not.toContain('announced');
  });

  it('tells what risk refused, where the rest ended, and which stock was perhaps meant', async () => {
    const traded = new Set(day.report.trades.map(({ symbol }) => symbol));
    const refused = await day.query<{ symbol: string; message: string }>(
      "SELECT symbol, decision->>'message' AS message FROM risk_decisions JOIN securities USING (security_id) WHERE verdict = 'refused'",
    );
    const untraded = refused.filter(({ symbol }) => !traded.has(symbol));
    expect(untraded.length).toBeGreaterThan(0);
    const story = (symbol: string) =>
      day.replay.reporting.tellStory({ params: { symbol }, query: {} });
    for (const { symbol, message } of untraded)
      expect((await story(symbol)).verdict).toContain(message);
    const [fallen] = await day.query<{ symbol: string; reason: string }>(
      "SELECT symbol, reason FROM scan_results JOIN securities USING (security_id) WHERE stage = 'universe' AND NOT passed ORDER BY symbol LIMIT 1",
    );
    expect((await story(fallen!.symbol)).verdict).toMatch(/no farther than the stage \w+, last at/);
    await expect(story(`${day.report.trades[0]!.symbol}X`)).rejects.toMatchObject({
      code: 'UNKNOWN_SYMBOL',
      message: expect.stringContaining(`did you mean ${day.report.trades[0]!.symbol}`),
    });
  });
};
