import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createGate, type Gate } from './gate.ts';

/** A request on its way to the broker, or its answer on the way back. */
export interface Passing {
  method: string;
  path: string;
  body: string;
  phase: 'request' | 'answer';
}
/** `drop` breaks the connection; at a request the broker then never sees it. */
export type Fate = 'pass' | 'drop';

export interface BrokerGate {
  url: string;
  stream_url: string;
  /** Stops the first passing that `isIt` takes; what becomes of it is told at its release. */
  arm(isIt: (passing: Passing) => boolean): Gate<Fate>;
  /** Lets nothing through in one direction until it is mended: the network's one-way cut. */
  cut(direction: 'requests' | 'answers'): { mend(): void };
  /** The broker blocks the account: it says so of it, and refuses every order. */
  restrict(): { lift(): void };
  close(): Promise<void>;
}

/** Nobody waits longer for an answer, and an exchange that has one to give holds the desk's time. */
const ANSWER_WITHIN_MS = 10_000;
const REFUSAL = JSON.stringify({ code: 40310000, message: 'account is restricted' });

const readAll = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  );

/**
 * Stands between the desk and its broker, on HTTP and on the stream. What a caller that has died
 * meanwhile had sent goes on to the broker all the same, as it would on a network.
 */
export const startBrokerGate = async (broker: {
  url: string;
  stream_url: string;
}): Promise<BrokerGate> => {
  const agent = new Agent({ keepAlive: true });
  let armed: { isIt: (passing: Passing) => boolean; gate: Gate<Fate> }[] = [];
  const cuts = { requests: Promise.resolve(), answers: Promise.resolve() };
  const sockets = new Set<Socket>();
  let isRestricted = false;

  const meet = async (passing: Passing): Promise<Fate> => {
    await cuts[passing.phase === 'request' ? 'requests' : 'answers'];
    const here = armed.find(({ isIt }) => isIt(passing));
    if (!here) return 'pass';
    armed = armed.filter((one) => one !== here);
    return here.gate.stop();
  };

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await readAll(incoming);
    const passing = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      body: body.toString('utf8'),
    };
    if ((await meet({ ...passing, phase: 'request' })) === 'drop') {
      incoming.socket.destroy();
      return;
    }
    if (isRestricted && passing.method === 'POST' && passing.path === '/v2/orders') {
      outgoing.writeHead(403, { 'content-type': 'application/json' }).end(REFUSAL);
      return;
    }
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { host: _, connection: __, ...headers } = incoming.headers;
      const options = { method: incoming.method, headers, agent, timeout: ANSWER_WITHIN_MS };
      const sent = request(`${broker.url}${incoming.url}`, options, resolve).on('error', reject);
      sent.on('timeout', () => sent.destroy()).end(body);
    });
    let content = await readAll(answer);
    if (isRestricted && passing.path === '/v2/account')
      content = Buffer.from(
        JSON.stringify({ ...JSON.parse(content.toString('utf8')), trading_blocked: true }),
      );
    if ((await meet({ ...passing, phase: 'answer' })) === 'drop') {
      incoming.socket.destroy();
      return;
    }
    const {
      connection: _,
      'transfer-encoding': __,
      'content-length': ___,
      ...headers
    } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, headers).end(content);
  };

  const server = createServer((incoming, outgoing) => {
    // the broker is gone, or the drill is over: to the desk the connection broke
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  const stream = new URL(broker.stream_url);
  // the trade stream: its frames pass as they are, unless that direction is cut
  server.on('upgrade', (incoming, socket: Socket, head) => {
    const there = connect(Number(stream.port), stream.hostname);
    for (const one of [socket, there]) {
      sockets.add(one);
      one.once('close', () => sockets.delete(one)).on('error', () => one.destroy());
    }
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    for (let at = 0; at < incoming.rawHeaders.length; at += 2)
      lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
    there.write(`${lines.join('\r\n')}\r\n\r\n`);
    there.write(head);
    const pass = (from: Socket, to: Socket, direction: keyof typeof cuts): void => {
      from.on('data', (chunk: Buffer) => void cuts[direction].then(() => to.write(chunk)));
      from.once('close', () => to.destroy());
    };
    pass(socket, there, 'requests');
    pass(there, socket, 'answers');
  });
  const address = await listen(server);
  return {
    url: `http://${address}`,
    stream_url: broker.stream_url.replace(stream.host, address),
    arm: (isIt) => {
      const gate = createGate<Fate>('pass');
      armed.push({ isIt, gate });
      void gate.opened.then(() => (armed = armed.filter((one) => one.gate !== gate)));
      return gate;
    },
    cut: (direction) => {
      const mended = Promise.withResolvers<void>();
      cuts[direction] = mended.promise;
      return { mend: () => mended.resolve() };
    },
    restrict: () => {
      isRestricted = true;
      return { lift: () => void (isRestricted = false) };
    },
    close: () =>
      new Promise((resolve) => {
        for (const { gate } of armed) gate.release('drop');
        agent.destroy();
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
