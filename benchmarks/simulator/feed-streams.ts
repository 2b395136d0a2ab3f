import { once } from 'node:events';
import { Agent } from 'node:http';
import { startSimulator, type Day, type Simulator, type SimulatorFacts } from '@catalyst/simulator';
import WebSocket from 'ws';
import { post } from './post.ts';
import { headersOf, secondsSince } from './processes.ts';

type Facts = Pick<SimulatorFacts, 'url' | 'accounts' | 'stream_url'>;

const openStream = async (facts: Facts, account: Facts['accounts'][number]): Promise<WebSocket> => {
  const socket = new WebSocket(facts.stream_url);
  await once(socket, 'open');
  const answer = async (message: unknown): Promise<void> => {
    const answered = once(socket, 'message');
    socket.send(JSON.stringify(message));
    await answered;
  };
  await answer({ action: 'auth', key: account.key_id, secret: account.secret_key });
  await answer({ action: 'listen', data: { streams: ['trade_updates'] } });
  return socket;
};

/**
 * A stream for each of many accounts, each with a market order that fills in the one step: seconds
 * until the last has heard of its fill.
 */
export const feedStreams = async (
  day: Day,
  count: number,
): Promise<{ received: number; seconds: number }> => {
  const simulator: Simulator = await startSimulator({ day, at: '09:30', accounts: count });
  const sockets: WebSocket[] = [];
  const agent = new Agent({ keepAlive: true });
  try {
    for (const account of simulator.accounts) sockets.push(await openStream(simulator, account));
    const symbol = day.securities.find(
      (security) =>
        security.tradable &&
        (day.minute_bars.get(security.symbol) ?? []).some(({ minute }) => minute === 570),
    )!.symbol;
    const filled = sockets.map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.on('message', (data: Buffer) => {
            const { data: update } = JSON.parse(data.toString()) as { data: { event?: string } };
            if (update.event === 'fill') resolve();
          });
        }),
    );
    for (const account of simulator.accounts) {
      const { status, text } = await post(
        agent,
        `${simulator.url}/v2/orders`,
        { symbol, qty: '1', side: 'buy', type: 'market', time_in_force: 'day' },
        headersOf(account),
      );
      if (status !== 200) throw new Error(`the order of a stream was answered ${status}: ${text}`);
    }
    let received = 0;
    for (const fill of filled) void fill.then(() => (received += 1));
    const startedAt = performance.now();
    await post(
      agent,
      `${simulator.url}/sim/step`,
      { to: '2026-03-24T13:31:00Z' },
      { 'content-type': 'application/json' },
    );
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.all(filled),
      new Promise((resolve) => (timer = setTimeout(resolve, 10_000))),
    ]);
    clearTimeout(timer);
    return { received, seconds: secondsSince(startedAt) };
  } finally {
    agent.destroy();
    for (const socket of sockets) socket.terminate();
    await simulator.close();
  }
};
