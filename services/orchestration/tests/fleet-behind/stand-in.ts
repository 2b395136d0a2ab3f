import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCatalogue, type Api, type ErrorCode, type Route } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';

type Answer = (input: {
  params: Record<string, string>;
  query: Record<string, string>;
  body: never;
}) => unknown;

/** What a stand-in says on the routes that it knows. */
export type Answers<A extends Api> = { [K in keyof A]?: Answer };

export interface StandIn {
  url: string;
  /** What was asked, oldest first. */
  asked: {
    route: string;
    params: Record<string, string>;
    query: Record<string, string>;
    body: Record<string, unknown>;
    headers: Record<string, unknown>;
  }[];
  /** Answers nothing on a route until what it gives back is called. */
  hold(route: string): () => void;
  close(): Promise<void>;
}

const pathPattern = (path: string) => new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);

/**
 * A small HTTP server that keeps a service's contract: it validates what it is asked and what it
 * answers, and knows nothing else.
 */
export const startStandIn = async <A extends Api>(
  api: A,
  answers: Answers<A>,
): Promise<StandIn> => {
  const routes = (Object.entries(api) as [string, Route][]).map(([name, route]) => ({
    name,
    route,
    pattern: pathPattern(route.path),
  }));
  const asked: StandIn['asked'] = [];
  const held = new Map<string, Promise<void>>();

  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const url = new URL(request.url!, 'http://stand.in');
      const reply = (status: number, body: unknown) =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(body));
      const fail = (code: ErrorCode, message: string) =>
        reply(errorCatalogue[code].status, { error: { code, message, details: {} } });
      const found = routes
        .map((entry) => ({
          ...entry,
          match: entry.route.method === request.method ? entry.pattern.exec(url.pathname) : null,
        }))
        .find(({ match }) => match);
      if (!found) return fail('ROUTE_NOT_FOUND', `${request.method} ${url.pathname}`);
      const text = Buffer.concat(chunks).toString();
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      const params = { ...found.match!.groups } as Record<string, string>;
      const query = Object.fromEntries(url.searchParams);
      asked.push({ route: found.name, params, query, body, headers: request.headers });
      await held.get(found.name);
      const parsedBody = found.route.body?.safeParse(body);
      if (parsedBody && !parsedBody.success)
        return fail('INVALID_REQUEST', parsedBody.error.message);
      const answer = answers[found.name];
      if (!answer) return fail('NOT_FOUND', `this stand-in has no answer for ${found.name}`);
      try {
        return reply(
          200,
          found.route.response.parse(
            answer({
              params,
              query,
              body: parsedBody?.data as never,
            }),
          ),
        );
      } catch (error) {
        return error instanceof AppError
          ? reply(error.status, error.toBody())
          : fail('INTERNAL', String(error));
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    hold: (route) => {
      let release = (): void => {};
      held.set(
        route,
        new Promise((resolve) => {
          release = resolve;
        }),
      );
      return () => {
        held.delete(route);
        release();
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
