import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way to the broker, or its answer on the way back. */
export interface Passing {
  method: string;
  path: string;
  body: string;
  phase: 'request' | 'answer';
  /** What the broker answered; empty in the phase of the request. */
  text: string;
}
/** What happens to it: `pass`, `drop` the connection, or answer something else instead. */
export type Fault = 'pass' | 'drop' | { status: number; text: string };

export interface FaultyBroker {
  url: string;
  /** Decides about each request and each answer from now on. */
  onPassing(decide: (passing: Passing) => Fault | Promise<Fault>): void;
  seen: Passing[];
  close(): Promise<void>;
}

const readAll = async (stream: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** Stands between the desk and the exchange and can lose, delay or spoil what passes. */
export const startFaultyBroker = async (target: string): Promise<FaultyBroker> => {
  let decide: (passing: Passing) => Fault | Promise<Fault> = () => 'pass';
  const seen: Passing[] = [];
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    const handle = async (): Promise<void> => {
      const body = await readAll(incoming);
      const passing = { method: incoming.method ?? '', path: incoming.url ?? '', body };
      seen.push({ ...passing, phase: 'request', text: '' });
      const act = async (phase: Passing['phase'], said: string): Promise<boolean> => {
        const fault = await decide({ ...passing, phase, text: said });
        if (fault === 'drop') incoming.socket.destroy();
        else if (fault !== 'pass')
          outgoing.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.text);
        return fault === 'pass';
      };
      if (!(await act('request', ''))) return;
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const { host: _, connection: __, ...headers } = incoming.headers;
        request(`${target}${incoming.url}`, { method: incoming.method, headers, agent }, resolve)
          .on('error', reject)
          .end(body);
      });
      const text = await readAll(answer);
      if (!(await act('answer', text))) return;
      outgoing
        .writeHead(answer.statusCode ?? 500, { 'content-type': 'application/json' })
        .end(text);
    };
    handle().catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    onPassing: (decider) => {
      decide = decider;
    },
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
