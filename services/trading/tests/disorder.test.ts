import { afterEach, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { stableId } from '@catalyst/domain';
import type { Simulator, TradeUpdate } from '@catalyst/simulator';
import { eventually } from '@catalyst/testkit';
import { WebSocketServer, type WebSocket } from 'ws';
import { bar, dayWith, type OpenDesk, openDesk } from './open-desk.ts';

interface Wire {
  url: string;
  /** Sends frames to the desk as they are given. */
  send(updates: readonly object[]): void;
  sendText(text: string): void;
  dropConnection(): void;
  close(): void;
}

/**
 * A trade stream whose messages a test sends by hand: late, twice, out of order, without the
 * simulator's `seq`, as the real one may.
 */
const startWire = async (): Promise<Wire> => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const listening = new Set<WebSocket>();
  server.on('connection', (socket) => {
    socket.on('close', () => listening.delete(socket));
    socket.on('message', (data: Buffer) => {
      const { action } = JSON.parse(data.toString('utf8')) as { action: string };
      if (action === 'listen') listening.add(socket);
      socket.send(
        JSON.stringify(
          action === 'listen'
            ? { stream: 'listening', data: { streams: ['trade_updates'] } }
            : { stream: 'authorization', data: { status: 'authorized', action } },
        ),
      );
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const sendText = (text: string) => {
    for (const socket of listening) socket.send(text);
  };
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/stream`,
    sendText,
    send: (updates) => {
      for (const data of updates) sendText(JSON.stringify({ stream: 'trade_updates', data }));
    },
    dropConnection: () => {
      for (const socket of listening) socket.terminate();
    },
    close: () => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
};

let desk: OpenDesk;
let wire: Wire;
afterEach(async () => {
  await desk.close();
  wire.close();
});

/** Collects what the exchange would have streamed, as it was at that moment and without `seq`. */
const record = (simulator: Simulator): object[] => {
  const updates: object[] = [];
  simulator.simulation.onUpdate(
    (_account, { seq: _, ...update }: TradeUpdate) => void updates.push(structuredClone(update)),
  );
  return updates;
};

const open = async (): Promise<object[]> => {
  wire = await startWire();
  desk = await openDesk(
    dayWith(
      bar('10:00', 100, 100, 100, 100, 400),
      bar('10:01', 100, 100, 100, 100, 700),
      bar('10:05', 100, 105, 100, 104),
    ),
    { env: { ALPACA_STREAM_URL: wire.url } },
  );
  const updates = record(desk.simulator);
  const submission = await desk.approve({});
  await desk.trading.submitOrder({ body: submission });
  return updates;
};
const forward = (clock: string) =>
  desk.simulator.simulation.stepTo(Date.parse(`2026-03-10T${clock}:00-04:00`));
const expectRightBook = async () => {
  await eventually(async () =>
    expect(await desk.position()).toMatchObject({
      status: 'closed',
      qty: '0',
      entered_qty: '100',
      exit_price: '104',
      exit_reason: 'target',
    }),
  );
  const fills = await desk.database.database.query<{ seq: number; qty: string }>(
    'SELECT seq, qty FROM fills ORDER BY seq',
  );
  expect(fills.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(fills.map(({ qty }) => qty).sort()).toEqual(['100', '40', '60']);
  expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
    reconciled: true,
    open_orders: 0,
  });
};

describe('trade updates without seq', () => {
  it('in their order, partial fills included, make the book', async () => {
    const updates = await open();
    forward('10:06');
    wire.send(updates);
    await expectRightBook();
  });
  it('each twice make the same book', async () => {
    const updates = await open();
    forward('10:06');
    wire.send(updates.flatMap((update) => [update, update]));
    wire.send(updates);
    await expectRightBook();
  });
  it('in reverse make the same book', async () => {
    const updates = await open();
    forward('10:06');
    wire.send(updates.toReversed());
    await expectRightBook();
  });
  it('that never come are fetched once the stream is back', async () => {
    await open();
    forward('10:06');
    wire.dropConnection();
    await expectRightBook();
  });
  it('that cannot be read are fetched, and the stream goes on', async () => {
    await open();
    forward('10:06');
    wire.sendText(
      JSON.stringify({ stream: 'trade_updates', data: { event: 'fill', order: { id: 7 } } }),
    );
    await expectRightBook();
  });
  it('of a leg that the desk has not heard of bring its parent', async () => {
    const updates = await open();
    const legs = updates.filter((update) => (update as { event: string }).event === 'held');
    expect(legs).toHaveLength(2);
    await desk.byHand(
      `DELETE FROM order_events WHERE client_order_id IN (SELECT client_order_id FROM orders WHERE role <> 'entry');
       DELETE FROM orders WHERE role <> 'entry'`,
    );
    wire.send(legs);
    await eventually(async () =>
      expect((await desk.orders()).map(({ role }) => role).sort()).toEqual([
        'entry',
        'stop',
        'target',
      ]),
    );
    expect((await desk.trading.listPositions({ query: {} })).positions).toHaveLength(1);
    expect(stableId('test-cycle')).toBe((await desk.position()).cycle_id);
  });
});
