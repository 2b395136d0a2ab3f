import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Position, Proposal } from '@catalyst/contracts';
import { later, newYorkTime } from '@catalyst/domain';
import { BUNDLED_DAY, eventually, readLedger, startReplay, type Replay } from '@catalyst/testkit';
import { connectClaude, type Era, type Told } from './claude-clients.ts';
import { answersOfToday } from './answers-of-today.ts';
import { writeFutureRows } from './future-rows.ts';

let replay: Replay;
let claude: Awaited<ReturnType<typeof connectClaude>>;
let now: string;
let bought: Proposal;
let own: Position;

const advance = async (minutes: number): Promise<void> => {
  now = later(now, minutes * 60_000);
  await replay.workflow.advanceReplay({ body: { to: now } });
};
const call = (name: string, given?: Record<string, unknown>, era?: Era): Promise<Told> =>
  claude.call(name, given, era);
const nextProposal = async (...known: string[]): Promise<Proposal> => {
  const end = newYorkTime(replay.trade_date, '12:00');
  while (now < end) {
    await advance(1);
    const { proposals } = await replay.workflow.listProposals({ query: { origin: 'cycle' } });
    const fresh = proposals.find((one) => !known.includes(one.symbol) && one.created_at === now);
    if (fresh) return fresh;
  }
  throw new Error('nothing more was proposed');
};
const held = async (symbol: string): Promise<Position> =>
  (await replay.trading.listPositions({ query: {} })).positions.find(
    (position) => position.symbol === symbol,
  )!;
const entries = async (symbol: string): Promise<number> =>
  (await readLedger(replay)).filter(
    ({ kind, order }) =>
      kind === 'order' &&
      (order as { symbol: string; side: string }).symbol === symbol &&
      (order as { side: string }).side === 'buy',
  ).length;

beforeAll(async () => {
  replay = await startReplay({
    day_dir: BUNDLED_DAY,
    session_mode: 'supervised',
    service_env: { MCP_REQUESTS_PER_MINUTE: '1000' },
  });
  await replay.advanceTo('09:44');
  now = newYorkTime(replay.trade_date, '09:44');
  claude = await connectClaude(replay);
}, 180_000);
afterAll(async () => {
  await claude?.close();
  await replay?.stop();
}, 60_000);

describe('Claude supervises a replayed day', () => {
  it('is briefed alike in both eras, on a day that another session for tomorrow does not change', async () => {
    const brief = async (era: Era) =>
      Promise.all(
        ['get_cycle_status', 'get_scan_results', 'get_risk_status', 'get_performance_report'].map(
          async (name) => (await call(name, {}, era)).data,
        ),
      );
    const before = await brief('old');
    expect(await brief('modern')).toEqual(before);
    await call('start_trading_session', { trade_date: '2026-03-25' });
    expect(await brief('modern')).toEqual(before);
    expect((await call('explain_symbol', { symbol: 'WLWS' })).data).toMatchObject({
      trade_date: replay.trade_date,
    });
  }, 60_000);

  it('approves what the session proposes, rejects another, and the desk does just that', async () => {
    bought = await nextProposal();
    const { text } = await call('get_alerts', {}, 'modern');
    expect(text).toContain(bought.proposal_id);
    await call('get_candidate_analysis', { symbol: bought.symbol });
    const approve = { proposal_id: bought.proposal_id };
    expect((await call('approve_proposal', approve)).data.status).toMatch(/^(accepted|filled)$/);
    await advance(2);
    expect((await call('approve_proposal', approve, 'modern')).data.status).toBe('filled');
    expect(await entries(bought.symbol)).toBe(1);
    own = await held(bought.symbol);
    expect((await call('get_positions')).data).toMatchObject({
      positions: [{ symbol: bought.symbol, qty: own.qty, is_protected: true }],
    });
    const other = await nextProposal(bought.symbol);
    await call('reject_proposal', { proposal_id: other.proposal_id, reason: 'not this one' });
    expect(await entries(other.symbol)).toBe(0);
    const decided = await call('get_timeline', { kind: 'decision' }, 'modern');
    expect(decided.text).toContain(`propose ${other.symbol}: rejected`);
  }, 120_000);

  it('previews a trade and executes it once, though both clients say yes at once', async () => {
    const { data } = await call('get_scan_results', { include: 'all', limit: 25 });
    const { symbol } = (
      data as unknown as { results: { symbol: string; passed: boolean }[] }
    ).results.find((row) => row.passed && row.symbol !== bought.symbol)!;
    const trade = { symbol, side: 'buy', quantity: 10 };
    expect((await call('preview_trade', { ...trade, quantity: 100_000 })).data).toMatchObject({
      status: 'refused',
      code: 'POSITION_SIZE_LIMIT',
    });
    const asked = await call('execute_trade', trade);
    expect([asked.data.status, await entries(symbol)]).toEqual(['confirmation_required', 0]);
    const { preview_id } = (await call('preview_trade', trade)).data;
    const answers = await Promise.all([
      call('execute_trade', { preview_id }),
      call('execute_trade', { preview_id }, 'modern'),
    ]);
    for (const { data: done } of answers) expect(done.status).toMatch(/^(accepted|filled)$/);
    expect(await entries(symbol)).toBe(1);
    // what was only previewed is no proposal
    const waiting = await call('list_proposals');
    expect(waiting.text).not.toContain(`buy 10 ${symbol}`);
  }, 60_000);

  it('moves a stop towards the price and never away from it', async () => {
    await advance(2);
    const { positions } = (await call('get_positions', {}, 'modern')).data as unknown as {
      positions: { symbol: string; last_price: string; live_stop_price: string }[];
    };
    const { last_price, live_stop_price } = positions.find((one) => one.symbol === bought.symbol)!;
    const nearer = (
      Number(live_stop_price) +
      (Number(last_price) - Number(live_stop_price)) / 4
    ).toFixed(2);
    const reason = 'less to lose';
    await call('move_stop', { symbol: bought.symbol, stop_price: nearer, reason });
    await advance(1);
    expect((await call('get_positions')).text).toContain(`stop ${nearer} (first`);
    const back = await call('move_stop', {
      symbol: bought.symbol,
      stop_price: live_stop_price,
      reason,
    });
    expect(back.isError).toBe(true);
    const [row] = await replay.database.query<{ stop_price: string }>(
      `SELECT stop_price FROM v_orders WHERE symbol = $1 AND role = 'stop'
         AND status IN ('new', 'accepted', 'held')`,
      [bought.symbol],
    );
    expect(Number(row!.stop_price)).toBe(Number(nearer));
  }, 60_000);

  it('has it leave by an order of its own, which guards every share at the broker', async () => {
    const atBroker = async () =>
      (
        await replay.database.query<{ role: string; type: string; qty: string }>(
          `SELECT role, type, qty FROM v_orders WHERE symbol = $1 AND role <> 'entry'
             AND status IN ('new', 'accepted', 'held') ORDER BY role`,
          [bought.symbol],
        )
      ).map(({ role, type, qty }) => [role, type, Number(qty)]);
    const { position_id, qty } = await held(bought.symbol);
    const shares = Number(qty);
    const trail = { trail_percent: 0.5, reason: 'let it run' };
    const limit = { limit_price: Number(bought.target_price), reason: 'take the profit' };
    const seen = await call('preview_trade', { position_id, trail_percent: 0.5 });
    expect(seen.data).toMatchObject({ closing: { exit: { kind: 'trailing_percent' } } });
    const before = await atBroker();
    expect(before).toHaveLength(2);
    const trailing = await call('close_position', { position_id, ...trail }, 'modern');
    // a busy machine answers after two seconds that it is under way
    expect(trailing.data.status).toMatch(/^(exit_placed|under_way)$/);
    await eventually(async () =>
      expect(await atBroker()).toEqual([['stop', 'trailing_stop', shares]]),
    );
    const back = await call('close_position', { symbol: bought.symbol, ...limit });
    expect(back.text).toContain(`${bought.target_price} or better`);
    await eventually(async () =>
      expect(await atBroker()).toEqual([
        ['stop', 'stop', shares],
        ['target', 'limit', shares],
      ]),
    );
    expect(await held(bought.symbol)).toMatchObject({ status: 'open', is_protected: true });
  }, 60_000);

  it('pauses and halts; every act in vain says so, and the operator alone resumes', async () => {
    const trade = { symbol: 'WLWS', side: 'buy', quantity: 10 };
    await call('pause_trading', { reason: 'lunch' });
    expect((await call('preview_trade', trade, 'modern')).data).toMatchObject({
      code: 'ONLY_REDUCING',
      trading_state: 'reducing',
    });
    await call('halt_trading', { reason: 'a strange tape' }, 'modern');
    const asked = await call('execute_trade', trade);
    expect(asked.text).toContain('nothing is entered until the operator resumes');
    expect(asked.data).toMatchObject({ status: 'refused', trading_state: 'halted' });
    await replay.workflow.changeTradingState({
      body: { act: 'resume', by: 'ann', reason: 'the tape is well again' },
    });
    expect((await call('get_risk_status')).data).toMatchObject({ trading_state: 'active' });
  }, 60_000);

  it('tells each change of the state, the session and the time in the very next answer', async () => {
    const head = async (): Promise<string> => (await call('get_watches')).text.split('\n')[0]!;
    const said = { by: 'the operator', reason: 'to be told of it' };
    for (let turn = 0; turn < 10; turn += 1) {
      await head();
      const act = turn % 2 === 0 ? ('pause' as const) : ('resume' as const);
      await replay.risk.changeTradingState({ body: { act, ...said } });
      expect(await head()).toContain(`trading ${act === 'pause' ? 'reducing' : 'active'}`);
      const session_mode = turn % 2 === 0 ? ('autonomous' as const) : ('supervised' as const);
      await replay.workflow.setSessionMode({ body: { session_mode, ...said } });
      expect(await head()).toContain(`${session_mode} session`);
    }
    await advance(1);
    expect((await call('get_watches')).data.now).toBe(now);
  });

  it('tightens at once, proposes what is looser, and closes what the person names', async () => {
    const limit = { name: 'max_positions', reason: 'careful' };
    expect((await call('update_risk_parameter', { ...limit, value: 3 })).data).toMatchObject({
      status: 'changed',
    });
    expect((await call('update_risk_parameter', { ...limit, value: 5 })).data).toMatchObject({
      status: 'proposed',
    });
    await call('close_position', { symbol: bought.symbol, reason: 'enough of it' });
    await advance(2);
    const closed = await held(bought.symbol);
    expect(closed).toMatchObject({ status: 'closed', exit_reason: 'manual' });
    const { data, text } = await call('explain_symbol', { symbol: bought.symbol }, 'modern');
    expect(data).toMatchObject({ positions: [{ status: 'closed', qty: '0' }] });
    expect(text).toContain('moved from');
  }, 60_000);

  it('ends the day in two steps, and reports what the database has', async () => {
    const asked = await call('stop_trading_session', { reason: 'enough for today' });
    expect(asked.data.status).toBe('confirmation_required');
    await call('stop_trading_session', {
      reason: 'enough for today',
      preview_id: asked.data.preview_id,
    });
    for (let minute = 0; minute < 5; minute += 1) await advance(1);
    const [rows] = await replay.database.query<{ trades: number; pnl: string }>(
      `SELECT count(*)::integer AS trades, sum(realized_pnl_usd) AS pnl FROM v_positions
       WHERE entered_qty > 0`,
    );
    const { data } = await call('get_performance_report', {}, 'modern');
    expect(data).toMatchObject({
      performance: {
        trades: rows!.trades,
        realized_pnl_usd: Number(rows!.pnl).toFixed(2),
        to: replay.trade_date,
      },
      report: { reconciled: true },
    });
    expect((await call('get_trade_journal')).data).toMatchObject({ total: rows!.trades });
    // the row of what only lowers risk follows its act
    await eventually(async () => {
      const audited = await replay.database.query<{ tool: string }>(
        "SELECT tool FROM mcp_calls WHERE outcome = 'intended'",
      );
      expect(new Set(audited.map(({ tool }) => tool))).toEqual(
        new Set(
          'start_trading_session approve_proposal reject_proposal execute_trade move_stop pause_trading halt_trading update_risk_parameter close_position stop_trading_session'.split(
            ' ',
          ),
        ),
      );
    });
  }, 90_000);

  it('says the same of today whatever rows of tomorrow there are', async () => {
    const answers = () => answersOfToday(call, own);
    const before = await answers();
    const written = await writeFutureRows(replay.database, own.cycle_id!);
    expect(Object.entries(written).filter(([, rows]) => rows === 0)).toEqual([]);
    expect(await answers()).toEqual(before);
  }, 90_000);

  it('reads less than 1,500 tokens in an answer, and 8,000 where it asks for more', () => {
    expect(
      claude.sizes.filter(({ tokens, is_default }) => tokens > (is_default ? 1500 : 8000)),
    ).toEqual([]);
  });
});
