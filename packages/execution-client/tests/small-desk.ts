import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  clientConfiguration,
  clientFrame,
  serverFrame,
  writeInvitation,
  type ClientConfiguration,
  type ClientFrame,
  type ServerFrame,
  type TradingSignal,
} from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { WebSocketServer, type WebSocket } from 'ws';

/** A desk's door for faults that no real desk shows on demand: holes, silence, goodbyes, lies. */
export interface SmallDesk {
  address: string;
  log: TradingSignal[];
  log_id: string;
  /** What clients sent, in order. */
  received: ClientFrame[];
  joins: { code: string; nonce: string }[];
  configuration: ClientConfiguration;
  /** Signals that it leaves out once, as a desk that loses them. */
  losing: Set<number>;
  publish(signal: TradingSignal): void;
  send(frame: ServerFrame | string): void;
  /** Ends every connection without a word. */
  cut(): void;
  connections(): number;
  invitation(pin?: string | null): string;
  close(): Promise<void>;
}

const free = clientConfiguration.parse({
  version: 1,
  settings: {},
  limits: {},
  effective: {
    risk: {},
    filters: {},
    execution: { time_in_force: 'gtc' },
    may_enter: true,
    why_not: [],
  },
  flags: { auto_execution: true, multiple_sessions: false },
});

export const startSmallDesk = async (tls?: { key: string; cert: string }): Promise<SmallDesk> => {
  const sockets = new Map<WebSocket, { told: number; is_subscribed: boolean }>();
  const keys = new Map<string, string>();
  const desk: SmallDesk = {
    address: '',
    log: [],
    log_id: randomUUID(),
    received: [],
    joins: [],
    configuration: free,
    losing: new Set(),
    publish: (signal) => {
      desk.log.push(signal);
      for (const [socket, to] of sockets) if (to.is_subscribed) tell(socket, to, signal);
    },
    send: (frame) => {
      for (const socket of sockets.keys())
        socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    },
    cut: () => {
      for (const socket of sockets.keys()) socket.terminate();
    },
    connections: () => sockets.size,
    invitation: (pin = null) =>
      writeInvitation({ address: desk.address, code: 'a'.repeat(32), pin }),
    close: async () => {
      desk.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const answer = (socket: WebSocket, frame: ServerFrame): void =>
    socket.send(JSON.stringify(serverFrame.parse(frame)));
  const tell = (socket: WebSocket, to: { told: number }, signal: TradingSignal): void => {
    const after = to.told;
    to.told = signal.seq;
    if (!desk.losing.delete(signal.seq)) answer(socket, { type: 'signal', after, signal });
  };
  const last = (): number => desk.log.at(-1)?.seq ?? 0;

  const server: Server = (tls ? createSecureServer(tls) : createServer()).on(
    'request',
    (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const asked = JSON.parse(text) as { code: string; nonce: string };
        desk.joins.push(asked);
        const key = keys.get(asked.nonce) ?? randomUUID();
        keys.set(asked.nonce, key);
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({
            client_id: stableId('client', asked.nonce),
            key,
            name: 'friend',
            scope: 'trade',
            expires_at: null,
          }),
        );
      });
    },
  ) as Server;
  new WebSocketServer({ server, path: '/ws/signals' }).on('connection', (socket) => {
    const to = { told: 0, is_subscribed: false };
    sockets.set(socket, to);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (data) => {
      const frame = clientFrame.parse(JSON.parse((data as Buffer).toString()));
      desk.received.push(frame);
      switch (frame.type) {
        case 'auth':
          return answer(socket, {
            type: 'welcome',
            client_id: randomUUID(),
            name: 'friend',
            scope: 'trade',
            seq: last(),
            log_id: desk.log_id,
            server_time: new Date().toISOString(),
            limits: {},
            configuration: desk.configuration,
          });
        case 'subscribe': {
          to.told = frame.after_seq ?? last();
          to.is_subscribed = true;
          const backfill = desk.log.filter(({ seq }) => seq > to.told);
          answer(socket, {
            type: 'subscribed',
            filters: frame.filters ?? {},
            after_seq: to.told,
            seq: last(),
          });
          for (const signal of backfill) tell(socket, to, signal);
          return answer(socket, { type: 'backfill', seq: last(), sent: backfill.length });
        }
        case 'feedback':
          return answer(socket, {
            type: 'feedback_recorded',
            signal_id: frame.signal_id,
            outcome: frame.outcome,
          });
        case 'ack':
          return answer(socket, { type: 'ack_recorded', seq: frame.seq });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  desk.address = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  return desk;
};

/** A signal to buy, valid for an hour from when it is made. */
export const buySignal = (
  seq: number,
  symbol: string,
  at: string,
  prices: { entry: string; stop: string; target: string },
): Extract<TradingSignal, { kind: 'signal' }> => ({
  v: 1,
  seq,
  signal_id: stableId('test_signal', seq, symbol),
  at,
  kind: 'signal',
  symbol,
  side: 'buy',
  order_type: 'limit',
  entry_price: prices.entry,
  stop_price: prices.stop,
  target_price: prices.target,
  confidence: 0.8,
  catalyst_type: 'earnings',
  source: 'wire',
  pattern: 'bull_flag',
  reason: 'a flag after good earnings',
  sector: null,
  price: prices.entry,
  relative_volume: 3,
  market_cap: null,
  market_cap_as_of: null,
  valid_until: new Date(Date.parse(at) + 3_600_000).toISOString(),
  chain: {
    cycle_id: stableId('test_cycle'),
    decision_id: stableId('test_decision', seq),
    scan_id: null,
    article_id: null,
    headline: null,
  },
});
