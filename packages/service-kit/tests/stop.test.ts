import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { newsApi } from '@catalyst/contracts';
import { createTestDatabase, startTestService, type TestDatabase } from '@catalyst/testkit';
import { z } from 'zod';
import type { ServiceSpec } from '../src/service-spec.ts';

const happened: string[] = [];
const streams = new Set<ServerResponse>();
const spec: ServiceSpec<typeof newsApi, z.ZodObject> = {
  name: 'news',
  api: newsApi,
  config: z.object({}),
  start: async () => ({
    handlers: {
      collectNews: () => {
        throw new Error('not asked');
      },
      queryCatalysts: () => ({ as_of: '2026-03-10T08:00:00.000Z', catalysts: [] }),
      listArticles: () => {
        throw new Error('not asked');
      },
    },
    mount: (app) => {
      app.get('/events', (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
        streams.add(response);
        response.on('close', () => happened.push('stream closed'));
      });
    },
    drain: async () => {
      happened.push('drain');
      for (const stream of streams) stream.end('data: last\n\n');
    },
    stop: async () => void happened.push('stop'),
  }),
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('a service that stops', () => {
  it('ends its open streams first, so that it need not wait for who listens, and its own work last', async () => {
    const service = await startTestService(spec, { database_url: database.url });
    const stream = await fetch(`${service.url}/events`);
    const text = stream.text();
    await service.close();
    // a stream that was cut off by force would end in an error instead
    expect(await text).toBe('data: first\n\ndata: last\n\n');
    expect(happened).toEqual(['drain', 'stream closed', 'stop']);
  });
});
