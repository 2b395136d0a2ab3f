import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { openLiveDesk, word, type LiveDesk } from './open-live-desk.ts';
import { cancelsOrder, placesOrder, readsOrder } from './passings.ts';
import { bar, dayWith } from './quiet-day.ts';

let desk: LiveDesk;
let letGo: () => void = () => {};
afterEach(async () => {
  letGo();
  await desk?.close();
});

/** Somebody holds the rows of all exits: what the broker tells of them cannot be written. */
const holdExits = async (): Promise<void> => {
  const untilLetGo = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await new Promise<void>((resolve, reject) => {
    desk.database.database
      .transaction(async (tx) => {
        await tx.query("SELECT 1 FROM orders WHERE role IN ('target', 'stop') FOR UPDATE");
        resolve();
        await untilLetGo;
      })
      .catch(reject);
  });
};
/** Shares that each market order to the broker asks for. */
const sold = (): string[] =>
  desk.broker.seen
    .filter(placesOrder)
    .map(({ body }) => JSON.parse(body) as { type: string; qty: string })
    .flatMap(({ type, qty }) => (type === 'market' ? qty : []));
const close = async (): Promise<void> => {
  const [position] = await desk.positions();
  const closing = desk.trading.closePosition({
    params: { position_id: position!.position_id },
    body: { ...word('close'), reason: 'manual' },
  });
  // what it waits for may be what holds it up
  closing.catch(() => undefined);
};
const once = (work: () => Promise<void>): (() => Promise<void>) => {
  let begun: Promise<void> | null = null;
  return () => (begun ??= work());
};
const areSold = (qtys: string[]) =>
  eventually(() => {
    expect(sold()).toEqual(qtys);
    expect(desk.held()).toEqual({});
  }, 5000);

describe('an exit whose stop and target are canceled by the word of the stream', () => {
  it('goes out though the book cannot take that word yet', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    desk.broker.seen.length = 0;
    const held = once(holdExits);
    desk.broker.onPassing(async (passing) => {
      if (cancelsOrder(passing) && passing.phase === 'request') await held();
      return 'pass' as const;
    });
    await close();
    await areSold(['10']);
    letGo();
    await eventually(async () => expect(await desk.positions()).toEqual([]), 10_000);
  });

  it('waits for the book where some of it was filled before, and sells what is left', async () => {
    // of the second minute's 40 shares orders get 4
    const day = dayWith(bar('10:01', 100, 105, 100, 105, 40));
    desk = await openLiveDesk({ day });
    await desk.hold('ACME');
    desk.broker.seen.length = 0;
    const fillsFirst = once(async () => {
      await holdExits();
      desk.simulator.exchange.finishMinute(601);
      expect(desk.held()).toEqual({ ACME: 6 });
    });
    desk.broker.onPassing(async (passing) => {
      if (cancelsOrder(passing) && passing.phase === 'request') await fillsFirst();
      return 'pass' as const;
    });
    await close();
    await eventually(() =>
      expect([...desk.simulator.simulation.accounts[0]!.alive.values()]).toEqual([]),
    );
    await sleep(500); // a time in which nothing may be sent
    expect(sold()).toEqual([]);
    letGo();
    await areSold(['6']);
    await eventually(async () => expect(await desk.positions()).toEqual([]), 10_000);
  });

  it('is followed by new ones where the broker refuses it, and what has ended is not asked for again', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    desk.broker.seen.length = 0;
    desk.broker.onPassing(({ phase, body }) =>
      phase === 'request' && body.includes('"market"')
        ? { status: 403, text: '{"code":40310000,"message":"not now"}' }
        : 'pass',
    );
    await close();
    const stopsAtBroker = () =>
      [...desk.simulator.simulation.accounts[0]!.alive.values()].filter(
        ({ type }) => type === 'stop',
      );
    await eventually(() => {
      expect(sold()).toEqual(['10']);
      expect(stopsAtBroker()).toHaveLength(1);
    }, 5000);
    expect(desk.broker.seen.filter(cancelsOrder)).toHaveLength(2);
  });

  it('goes out though a look at one of them hangs', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    desk.broker.seen.length = 0;
    let isLookedAt: () => void = () => {};
    const untilLookedAt = new Promise<void>((resolve) => {
      isLookedAt = resolve;
    });
    desk.broker.onPassing(async (passing): Promise<'pass'> => {
      if (passing.phase === 'answer') return 'pass';
      // the cancels arrive once the desk has begun to look for what they came to
      if (cancelsOrder(passing)) await untilLookedAt;
      if (!readsOrder(passing)) return 'pass';
      isLookedAt();
      return new Promise<never>(() => {});
    });
    await close();
    await areSold(['10']);
  });
});

describe('an exit that the broker did not take', () => {
  it.each([
    ['for a broken connection', 'drop' as const],
    ['with 502', { status: 502, text: '{}' }],
  ])('%s is sent again at once, before any pass comes to it', async (_why, fault) => {
    desk = await openLiveDesk({ ticks: false });
    await desk.hold('ACME');
    desk.broker.seen.length = 0;
    let isFirst = true;
    desk.broker.onPassing((passing) => {
      if (!placesOrder(passing) || passing.phase === 'answer' || !isFirst) return 'pass';
      isFirst = false;
      return fault;
    });
    await close();
    await areSold(['10', '10']);
  });

  it('is sent again each second while the broker is down, and at once only the first time', async () => {
    desk = await openLiveDesk();
    await desk.hold('ACME');
    const sent_at: number[] = [];
    let isDown = true;
    desk.broker.onPassing((passing) => {
      if (!isDown || !placesOrder(passing) || passing.phase === 'answer') return 'pass';
      sent_at.push(performance.now());
      return { status: 502, text: '{}' };
    });
    await close();
    // before, each update of its legs is followed by a pass and so by a try
    await eventually(() => expect(sent_at.length).toBeGreaterThan(6), 20_000);
    const [a = 0, b = 0, c = 0] = sent_at.slice(-3);
    expect(Math.min(b - a, c - b)).toBeGreaterThan(990);
    isDown = false;
    await eventually(() => expect(desk.held()).toEqual({}), 5000);
  });
});
