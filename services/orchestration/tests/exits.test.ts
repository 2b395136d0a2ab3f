import { describe, expect, it } from '@jest/globals';
import { POSITION_ID } from './fleet-behind/desk-rows.ts';
import { call, fleet, serveMcp } from './serve-mcp.ts';

serveMcp();

const exits = () => fleet.workflow.asked.filter(({ route }) => route === 'placeExit');
const closes = () => fleet.workflow.asked.filter(({ route }) => route === 'closePosition');
const leave = (prices: object) =>
  call('close_position', { symbol: 'acme', reason: 'as planned', ...prices });

describe("a person's own exit", () => {
  it.each([
    [
      { limit_price: 47.5 },
      { kind: 'limit', limit_price: '47.5' },
      'leave at 47.50 or better, the stop stays',
    ],
    [
      { limit_price: '47.50', stop_price: 45 },
      { kind: 'oco', limit_price: '47.5', stop_price: '45' },
      'leave at 47.50 or better, or by a stop at 45.00',
    ],
    [
      { stop_price: 45, stop_limit_price: 44.8 },
      { kind: 'stop_limit', stop_price: '45', limit_price: '44.8' },
      'leave by a stop at 45.00, for no worse than 44.80; without the target',
    ],
    [
      { trail_percent: 2 },
      { kind: 'trailing_percent', trail_percent: '2' },
      'leave by a stop that trails the price by 2 %; without the target',
    ],
    [
      { trail_price: '0.80' },
      { kind: 'trailing_dollars', trail_price: '0.8' },
      'leave by a stop that trails the price by $0.80; without the target',
    ],
  ])(
    'by %j goes to workflow, sells nothing at market and says what is live then',
    async (prices, exit, words) => {
      const before = closes().length;
      const { text, data, isError } = await leave(prices);
      expect(exits().at(-1)).toMatchObject({
        params: { position_id: POSITION_ID },
        body: { exit, by: 'mcp:claude', reason: 'as planned' },
      });
      expect(isError).toBe(undefined);
      expect(text).toBe(
        `Placed at the broker, for all 100 shares of ACME: ${words}. Live now: stop 44.50, target 47.30. get_orders tells when it fills.`,
      );
      expect(data).toMatchObject({ status: 'exit_placed', position: { live_stop_price: '44.50' } });
      expect(closes()).toHaveLength(before);
    },
  );

  it.each([
    [{ stop_price: 45 }, 'a stop alone is moved by move_stop'],
    [{ stop_limit_price: 45 }, 'goes with the price of the stop'],
    [{ limit_price: 47, stop_price: 45, stop_limit_price: 44.8 }, 'without another limit'],
    [{ trail_percent: 2, limit_price: 47 }, 'goes with no other price'],
    [{ trail_percent: 2, trail_price: 1 }, 'trails by one amount'],
    [{ limit_price: 47, quantity: 40 }, 'is for all the shares'],
    [{ limit_price: -47 }, 'limit_price'],
    [{ trail_percent: '2%' }, 'trail_percent: expected a number'],
  ])('by %j is refused in words, and nothing is sent', async (prices, words) => {
    const before = [exits().length, closes().length];
    const { text, isError } = await leave(prices);
    expect([isError, text]).toEqual([true, expect.stringContaining(words)]);
    expect([exits().length, closes().length]).toEqual(before);
  });

  it('that takes longer than two seconds is told as under way, and goes on', async () => {
    const release = fleet.workflow.hold('placeExit');
    const began = performance.now();
    const { text, data } = await leave({ trail_percent: 1 });
    expect(performance.now() - began).toBeLessThan(3_000);
    release();
    expect(data).toMatchObject({ status: 'under_way' });
    expect(text).toContain('Asked, not confirmed yet: ACME is to leave by a stop that trails');
  });

  it('is previewed: what it would do, and what trading would refuse', async () => {
    const preview = (prices: object) =>
      call('preview_trade', { position_id: POSITION_ID, ...prices });
    const before = exits().length;
    const { text, data } = await preview({ limit_price: 47.5 });
    expect(text).toBe(
      `Nothing was sent. ACME, 100 shares: leave at 47.50 or better, the stop stays. Live now: stop 44.50, target 47.30; last price 46.00.\nAsk the person; then close_position with position_id ${POSITION_ID} and the same prices.`,
    );
    expect(data).toMatchObject({
      status: 'confirmation_required',
      closing: { exit: { kind: 'limit', limit_price: '47.50' } },
    });
    expect((await preview({ trail_percent: 20 })).text).toContain(
      'the stop of ACME stays at 44.5: an exit does not move it away from the price',
    );
    expect((await preview({ limit_price: 47.5, symbol: 'ACME' })).text).toContain(
      'a close is previewed by position_id and the prices of its exit',
    );
    expect(
      (await call('preview_trade', { symbol: 'ACME', side: 'buy', limit_price: 44 })).text,
    ).toContain('an entry has stop_price and target_price');
    expect(exits()).toHaveLength(before);
  });
});
