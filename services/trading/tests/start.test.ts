import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { openDesk, type OpenDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

describe('the start', () => {
  it("is refused on another account than the desk's", async () => {
    desk = await openDesk();
    await desk.database.database.query("UPDATE desk SET account = 'PA-OTHER'");
    await expect(desk.restart({ DESK_ACCOUNT: 'PA-OTHER' })).rejects.toThrow(
      /DESK_ACCOUNT is PA-OTHER/,
    );
  });

  it('waits for a broker that is silent, not ready, and goes on when it answers', async () => {
    desk = await openDesk();
    await desk.service().close();
    let isSilent = true;
    let dropped = 0;
    desk.broker.onPassing(({ phase }) => {
      if (!isSilent || phase !== 'request') return 'pass';
      dropped += 1;
      return 'drop';
    });
    let isReady = false;
    const started = desk.restart().then(() => {
      isReady = true;
      return 'ready';
    });
    // a broker's call is tried four times: it has begun anew by then
    await eventually(() => expect(dropped).toBeGreaterThan(8), 30_000);
    expect(isReady).toBe(false);
    isSilent = false;
    expect(await started).toBe('ready');
    await desk.enter();
    expect([...desk.simulator.simulation.accounts[0]!.orders.values()]).toHaveLength(3);
  });

  it.each([
    [401, '{"code":40110000,"message":"request is not authorized"}'],
    [403, '{"message":"forbidden."}'],
  ])('ends at once where the broker refuses the keys with %d', async (status, text) => {
    desk = await openDesk();
    await desk.service().close();
    desk.broker.onPassing(({ phase, path }) =>
      phase === 'request' && path === '/v2/account' ? { status, text } : 'pass',
    );
    await expect(desk.restart()).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('alpaca refuses ALPACA_API_KEY and ALPACA_SECRET_KEY'),
    });
  });
});
