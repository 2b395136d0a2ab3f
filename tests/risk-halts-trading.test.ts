import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Decision, Position } from '@catalyst/contracts';
import { dollarWords, later, newYorkTime } from '@catalyst/domain';
import { nakedMinutes, type LedgerRow } from '@catalyst/platform';
import { BUNDLED_DAY, readLedger, startReplay, type Replay } from '@catalyst/testkit';

const TIMEOUT_MS = 180_000;
const by = 'a person';
let replay: Replay;
let running: Replay | undefined;
let now: string;

const begin = async (options: { arm?: boolean } = {}): Promise<void> => {
  replay = running = await startReplay({ day_dir: BUNDLED_DAY, ...options });
  await replay.advanceTo('09:45');
  now = newYorkTime(replay.trade_date, '09:45');
};
const end = async (): Promise<void> => {
  await running?.stop();
  running = undefined;
};
const advance = async (minutes: number): Promise<void> => {
  now = later(now, minutes * 60_000);
  await replay.workflow.advanceReplay({ body: { to: now } });
};
const openPositions = async (): Promise<Position[]> =>
  (await replay.trading.listPositions({ query: { status: 'open' } })).positions;
/** Conducts the market minute by minute until it is as a test needs it. */
const advanceUntil = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  const end = newYorkTime(replay.trade_date, '14:45');
  while (!(await isSo())) {
    if (now >= end) throw new Error(`not until ${end}: ${what}`);
    await advance(1);
  }
};
const entries = (ledger: readonly LedgerRow[], from = ''): string[] =>
  ledger
    .filter(
      ({ kind, order, at }) =>
        kind === 'order' && (order as { side: string }).side === 'buy' && at >= from,
    )
    .map(({ order, at }) => `${(order as { symbol: string }).symbol} at ${at}`);
const decisions = async (): Promise<Decision[]> => {
  const { cycle } = await replay.workflow.showCurrentCycle();
  return (await replay.workflow.listDecisions({ query: { cycle_id: cycle.cycle_id } })).decisions;
};
const alerts = async (): Promise<string[]> =>
  (await replay.workflow.listAlerts({ query: {} })).alerts.map(({ code }) => code);

describe('a desk that nobody armed', () => {
  beforeAll(() => begin({ arm: false }), TIMEOUT_MS);

  it(
    'finds trades all morning, sends none, and keeps each refusal as a decision; armed by a person, it trades',
    async () => {
      await replay.advanceTo('10:40');
      now = newYorkTime(replay.trade_date, '10:40');
      expect(await replay.risk.showStatus()).toMatchObject({
        trading_state: 'halted',
        reason: 'never armed',
      });
      expect((await readLedger(replay)).filter(({ kind }) => kind === 'order')).toEqual([]);
      const refused = (await decisions()).filter(({ outcome }) => outcome === 'desk_not_active');
      expect(refused.length).toBeGreaterThanOrEqual(2);
      for (const decision of refused)
        expect(decision).toMatchObject({
          kind: 'skip',
          reason: expect.stringContaining('halted'),
          article_id: expect.any(String),
        });
      expect((await decisions()).filter(({ kind }) => kind === 'enter')).toEqual([]);
      await expect(
        replay.workflow.changeTradingState({
          body: { act: 'resume', by, reason: 'resuming is not arming' },
        }),
      ).rejects.toMatchObject({ code: 'INVALID_REQUEST' });

      await replay.risk.arm({ body: { by, reason: 'I have seen enough' } });
      await advanceUntil(
        'an entry after arming',
        async () =>
          entries(await readLedger(replay), now).length > 0 || (await openPositions()).length > 0,
      );
    },
    TIMEOUT_MS,
  );
});

// goes on in the market where the desk has just been armed
describe('the daily loss limit', () => {
  afterAll(end, 60_000);

  it(
    'flattens the desk by itself, is told as an alert once, and enters nothing afterwards',
    async () => {
      await advanceUntil('a position', async () =>
        (await openPositions()).some(({ status }) => status === 'open'),
      );
      // the market drops two thirds of the way to the stop of what was just bought
      const { symbol, entry_price, initial_stop_price } = (await openPositions()).find(
        ({ status }) => status === 'open',
      )!;
      const ratio = 1 - (2 / 3) * (1 - Number(initial_stop_price) / Number(entry_price));
      const scripted = await fetch(`${replay.desk.simulator!.url}/sim/faults`, {
        method: 'POST',
        body: JSON.stringify({ where: { market: symbol }, what: { kind: 'gap', ratio } }),
      });
      expect(scripted.status).toBe(201);
      await advanceUntil(
        'a loss of 80 dollars',
        async () => Number((await replay.risk.showStatus()).daily_pnl_usd ?? 0) < -80,
      );
      expect((await openPositions()).length).toBeGreaterThan(0);
      expect(await alerts()).not.toContain('DAILY_LOSS_LIMIT');
      const lost = -Number((await replay.risk.showStatus()).daily_pnl_usd);
      const before = entries(await readLedger(replay)).length;

      const changed = await replay.workflow.updateRiskParameter({
        params: { name: 'daily_loss_limit_usd' },
        body: { value: Math.floor(lost / 2), by, reason: 'a careful day' },
      });
      expect(changed).toMatchObject({
        name: 'daily_loss_limit_usd',
        old_value: 2000,
        new_value: Math.floor(lost / 2),
      });
      await advance(2);
      expect(await replay.risk.showStatus()).toMatchObject({
        trading_state: 'flattening',
        open_positions: 0,
        reason: expect.stringContaining(`daily limit of ${dollarWords(Math.floor(lost / 2))}`),
      });
      expect(await openPositions()).toEqual([]);
      const { positions } = await replay.trading.listPositions({ query: { status: 'closed' } });
      expect(
        positions.filter(({ exit_reason }) => exit_reason === 'risk_flatten').length,
      ).toBeGreaterThan(0);
      await advance(30);
      expect((await alerts()).filter((code) => code === 'DAILY_LOSS_LIMIT')).toHaveLength(1);
      const ledger = await readLedger(replay);
      expect(entries(ledger)).toHaveLength(before);
      expect(nakedMinutes(ledger)).toEqual([]);
      expect(await openPositions()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('a person', () => {
  beforeAll(() => begin(), TIMEOUT_MS);
  afterAll(end, 60_000);

  it(
    'pauses the desk: nothing is entered any more, and what is held keeps its stops',
    async () => {
      await advanceUntil(
        'two positions',
        async () => (await openPositions()).filter(({ status }) => status === 'open').length >= 2,
      );
      const held = (await openPositions()).map(({ symbol }) => symbol);
      const paused = await replay.workflow.changeTradingState({
        body: { act: 'pause', by, reason: 'news conference at eleven' },
      });
      expect(paused.trading_state).toBe('reducing');
      const pausedAt = now;
      const before = entries(await readLedger(replay)).length;
      await advance(40);
      const ledger = await readLedger(replay);
      expect(entries(ledger)).toHaveLength(before);
      expect(nakedMinutes(ledger)).toEqual([]);
      const left = await openPositions();
      expect(left.length).toBeGreaterThan(0);
      for (const { symbol, is_protected } of left)
        expect([held.includes(symbol), is_protected]).toEqual([true, true]);
      expect(
        (await decisions()).filter(
          ({ outcome, decided_at }) => outcome === 'desk_not_active' && decided_at > pausedAt,
        ).length,
      ).toBeGreaterThan(0);

      await replay.workflow.changeTradingState({
        body: { act: 'resume', by, reason: 'the conference is over' },
      });
      await advanceUntil(
        'an entry after resuming',
        async () => entries(await readLedger(replay)).length > before,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'flattens the desk: everything is closed within two minutes, and nothing is entered until a person resumes',
    async () => {
      await advanceUntil(
        'two positions',
        async () => (await openPositions()).filter(({ status }) => status === 'open').length >= 2,
      );
      const before = entries(await readLedger(replay)).length;
      const status = await replay.workflow.changeTradingState({
        body: { act: 'flatten', by, reason: 'out of everything' },
      });
      expect(status.trading_state).toBe('flattening');
      await advance(2);
      expect(await openPositions()).toEqual([]);
      expect((await replay.trading.listOrders({ query: { status: 'open' } })).orders).toEqual([]);
      const { positions } = await replay.trading.listPositions({ query: { status: 'closed' } });
      expect(
        positions.filter(({ exit_reason }) => exit_reason === 'manual').length,
      ).toBeGreaterThanOrEqual(2);
      await advance(30);
      const ledger = await readLedger(replay);
      expect(entries(ledger)).toHaveLength(before);
      expect(nakedMinutes(ledger)).toEqual([]);
      expect((await replay.risk.showStatus()).trading_state).toBe('flattening');
      await replay.workflow.changeTradingState({
        body: { act: 'resume', by, reason: 'calm again' },
      });
      await advanceUntil(
        'an entry after resuming',
        async () => entries(await readLedger(replay)).length > before,
      );
    },
    TIMEOUT_MS,
  );
});
