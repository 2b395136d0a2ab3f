import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}
/** A status with a body, or what the handler does to the socket by itself. */
export type Answer =
  { status?: number; body?: unknown; text?: string } | ((response: ServerResponse) => void);

export interface AnsweringServer {
  url: string;
  seen: SeenRequest[];
  /** What `METHOD /path` answers from now on; a list is worked off and its last one stays. */
  answer(route: string, ...answers: Answer[]): void;
  close(): Promise<void>;
}

/** A vendor on a real socket that answers what a test says. */
export const startAnswering = async (): Promise<AnsweringServer> => {
  const seen: SeenRequest[] = [];
  const answers = new Map<string, Answer[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://vendor');
      const text = Buffer.concat(chunks).toString('utf8');
      seen.push({
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: text ? JSON.parse(text) : undefined,
      });
      const queue = answers.get(`${request.method} ${url.pathname}`) ?? [
        { status: 404, body: { code: 40410000, message: 'not found' } },
      ];
      const next = queue.length > 1 ? queue.shift()! : queue[0]!;
      if (typeof next === 'function') return next(response);
      response
        .writeHead(next.status ?? 200, { 'content-type': 'application/json' })
        .end(next.text ?? JSON.stringify(next.body ?? null));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer: (route, ...given) => void answers.set(route, given),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
