import { createHash } from 'node:crypto';
import { signalsApi, type Route, type SignalClient, type workflowApi } from '@catalyst/contracts';
import { AppError, describeIssues, inContext, type Client } from '@catalyst/service-kit';
import express, { type Express, type Request, type Response } from 'express';
import { randomUUID } from 'node:crypto';
import type { SharedCounters, Spent } from './adapters/shared-counters.ts';
import type { AdmitClient } from './flows/admit-client.ts';
import { addressOf, credentialOf } from './signal-request.ts';

interface Deps {
  admitClient: AdmitClient;
  counters: SharedCounters;
  workflow: Client<typeof workflowApi>;
}

type Operation = keyof typeof signalsApi;
interface Asked {
  client: SignalClient;
  params: Record<string, string>;
  query: never;
  body: never;
}

const tellSpent = (response: Response, { limit, left, reset_s }: Spent): void => {
  response.setHeader('ratelimit-limit', limit);
  response.setHeader('ratelimit-remaining', left);
  response.setHeader('ratelimit-reset', reset_s);
};
const refuse = (response: Response, spent: Spent, what: string): void => {
  if (spent.isWithin) return;
  response.setHeader('retry-after', spent.reset_s);
  throw new AppError(
    'TOO_MANY_REQUESTS',
    `at most ${spent.limit} ${what} a minute: come back in ${spent.reset_s} s`,
  );
};

const parse = (what: string, schema: Route['query'], given: unknown): unknown => {
  if (!schema) return undefined;
  const read = schema.safeParse(given ?? {});
  if (read.success) return read.data;
  throw new AppError('INVALID_REQUEST', describeIssues(what, read.error.issues));
};

/**
 * The stream's twin over REST, for clients with a key of their own: the fleet's keys do not open it,
 * and theirs open nothing else. Errors have the desk's one shape.
 */
export const mountSignals =
  ({ admitClient, counters, workflow }: Deps) =>
  (app: Express): void => {
    const handlers: Record<Exclude<Operation, 'join'>, (asked: Asked) => Promise<unknown>> = {
      makeToken: ({ client }) => admitClient.makeToken(client),
      listSignals: ({ query }) => workflow.listSignalLog({ query }),
      showSignal: ({ params }) =>
        workflow.showSignalRow({ params: { signal_id: params.signal_id! } }),
      showSubscription: async ({ client: { client_id } }) => {
        const { standing, configuration, seq } = await workflow.showSignalClient({
          params: { client_id },
        });
        return {
          ...standing,
          filters: configuration.settings.filters,
          version: configuration.version,
          seq,
        };
      },
      updateSubscription: async ({ client: { client_id, configuration }, body }) => {
        const { filters } = body as { filters: object };
        const saved = await workflow.saveClientSettings({
          params: { client_id },
          body: { ...configuration.settings, filters },
        });
        return { filters: saved.settings.filters, version: saved.version };
      },
      giveFeedback: async ({ client: { client_id, scope }, body }) => {
        const { outcome, is_dry_run } = body as { outcome: string; is_dry_run?: boolean };
        if (scope !== 'trade' && !is_dry_run && ['entered', 'closed'].includes(outcome))
          throw new AppError('SCOPE_NOT_GRANTED', 'a key with the scope read does not trade');
        return workflow.takeFeedback({ params: { client_id }, body });
      },
      showSettings: async ({ client }) => client.configuration,
      updateSettings: ({ client: { client_id }, body }) =>
        workflow.saveClientSettings({ params: { client_id }, body }),
    };

    const answer = (
      request: Request,
      response: Response,
      declared: Route,
      result: unknown,
    ): void => {
      const checked = declared.response.safeParse(result);
      if (!checked.success)
        throw new Error(
          `the answer of ${declared.path} does not keep its contract: ${describeIssues('answer', checked.error.issues)}`,
        );
      if (declared.method !== 'GET') {
        response.setHeader('cache-control', 'no-store');
        return void response.json(checked.data);
      }
      const text = JSON.stringify(checked.data);
      const tag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
      response.setHeader('etag', tag);
      response.setHeader('cache-control', 'private, no-cache');
      if (request.get('if-none-match') === tag) return void response.status(304).end();
      response.type('json').send(text);
    };
    const admit = async (request: Request, response: Response): Promise<SignalClient> => {
      const credential = credentialOf(request);
      if (credential === undefined)
        throw new AppError('MISSING_KEY', 'send your key as X-API-Key, or as a Bearer token');
      const { client, ...refused } = await admitClient.admit(credential, addressOf(request));
      if (!client) throw new AppError('WRONG_KEY', (refused as { message: string }).message);
      const spent = await counters.requests(client.client_id);
      tellSpent(response, spent);
      refuse(response, spent, 'requests');
      return client;
    };
    const join = async (request: Request, response: Response): Promise<unknown> => {
      refuse(response, await counters.joins(addressOf(request)), 'tries to join');
      return workflow.joinClient({
        body: parse('body', signalsApi.join.body, request.body) as never,
      });
    };

    for (const [name, declared] of Object.entries(signalsApi) as [Operation, Route][]) {
      const method = declared.method.toLowerCase() as 'get' | 'post' | 'put';
      app[method](
        declared.path,
        express.json({ limit: '64kb', strict: true }),
        (request, response, next) => {
          const work = async (): Promise<void> => {
            if (name === 'join')
              return answer(request, response, declared, await join(request, response));
            const client = await admit(request, response);
            const asked = {
              client,
              params: parse('params', declared.params, request.params),
              query: parse('query', declared.query, request.query),
              body: parse('body', declared.body, request.body),
            } as Asked;
            answer(request, response, declared, await handlers[name](asked));
          };
          inContext(
            {
              request_id: request.get('x-request-id')?.slice(0, 100) ?? randomUUID(),
              caller: 'signals',
            },
            () => {
              work().catch(next);
            },
          );
        },
      );
    }
  };
