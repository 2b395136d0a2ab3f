import { afterEach, expect, it } from '@jest/globals';
import { at, CYCLE, dayWith, type OpenDesk, openDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

it('a position says when its stock last had a price: in a halt it ages, and afterwards it is new', async () => {
  desk = await openDesk(dayWith(), {
    faults: [
      { where: { market: 'ACME' }, when: { from: '10:02', to: '10:06' }, what: { kind: 'halt' } },
    ],
  });
  await desk.enter();
  const pricedAt = async (clock: string): Promise<string | null> => {
    await desk.step(clock);
    const { positions } = await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    expect(await desk.position()).toMatchObject({ last_price_at: positions[0]!.last_price_at });
    return positions[0]!.last_price_at;
  };
  const before = await pricedAt('10:02');
  expect(before! > at('10:01') && before! <= at('10:02')).toBe(true);
  expect(await pricedAt('10:05')).toBe(before);
  expect((await pricedAt('10:09'))! > at('10:08')).toBe(true);
});
