import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newsApi } from '@catalyst/contracts';
import {
  atStep,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import axios from 'axios';
import { z } from 'zod';
import { AppError, type Clock } from '@catalyst/runtime';
import { createClient } from '../src/http/create-client.ts';
import type { ServiceSpec } from '../src/service-spec.ts';

let clock: Clock;
let collected = 0;
const spec: ServiceSpec<typeof newsApi, z.ZodObject> = {
  name: 'news',
  api: newsApi,
  config: z.object({}),
  start: async (kit) => {
    clock = kit.clock;
    return {
      handlers: {
        collectNews: () => {
          collected += 1;
          throw new AppError('VENDOR_UNAVAILABLE', 'the newswire is silent', { vendor: 'alpaca' });
        },
        queryCatalysts: () => ({ as_of: clock.now(), catalysts: [] }),
        listArticles: () => {
          throw new Error('the secret is 42');
        },
      },
    };
  },
};

let database: TestDatabase;
let service: TestService<typeof newsApi>;
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  axios.post(`${service.url}${path}`, body, {
    validateStatus: () => true,
    headers: { 'content-type': 'application/json', ...headers },
  });

beforeAll(async () => {
  database = await createTestDatabase();
  service = await startTestService(spec, {
    database_url: database.url,
    replay_start_at: '2026-03-10T08:00:00.000Z',
  });
});
afterAll(async () => {
  await service.close();
  await database.drop();
});

describe('a service', () => {
  it('answers at the step time of the request', async () => {
    const answer = await atStep('2026-03-10T13:31:00.000Z', () =>
      service.client().queryCatalysts({ body: {} }),
    );
    expect(answer.as_of).toBe('2026-03-10T13:31:00.000Z');
  });
  it('refuses a step time from a caller outside the fleet', async () => {
    await expect(
      atStep('2026-03-10T13:31:00.000Z', () => service.client('cli').queryCatalysts({ body: {} })),
    ).rejects.toMatchObject({ code: 'STEP_TIME_REFUSED' });
  });
  it('answers 401 without a key, 403 with a wrong one and 403 where the key lacks the scope', async () => {
    expect((await post('/api/v1/catalysts/query', {})).status).toBe(401);
    expect((await post('/api/v1/catalysts/query', {}, { 'x-api-key': 'wrong' })).status).toBe(403);
    await expect(service.client('scanner').collectNews({ body: {} })).rejects.toMatchObject({
      code: 'SCOPE_NOT_GRANTED',
    });
  });
  it('names the field that it does not know', async () => {
    const { status, data } = await post(
      '/api/v1/catalysts/query',
      { hours: 24, houres: 1 },
      { 'x-api-key': service.keys.workflow },
    );
    expect([status, data.error.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(data.error.message).toContain('"houres"');
  });
  it('refuses what is not JSON and what is too large, before its handlers see it', async () => {
    const key = { 'x-api-key': service.keys.workflow };
    expect((await post('/api/v1/catalysts/query', '{"hours":', key)).data.error.code).toBe(
      'INVALID_JSON',
    );
    const large = await post(
      '/api/v1/catalysts/query',
      JSON.stringify({ symbols: ['A'.repeat(1_100_000)] }),
      key,
    );
    expect([large.status, large.data.error.code]).toEqual([413, 'BODY_TOO_LARGE']);
  });
  it('keeps the code and details of an error across the hop', async () => {
    await expect(service.client().collectNews({ body: {} })).rejects.toMatchObject({
      code: 'VENDOR_UNAVAILABLE',
      message: 'the newswire is silent',
      details: { vendor: 'alpaca' },
    });
  });
  it('is asked once for a vendor that is away, which it has tried again itself; a step waits', async () => {
    const { url: base_url, keys } = service;
    const news = createClient(newsApi, {
      ...{ service: 'news', base_url, api_key: keys.workflow },
      retry_for_ms: 300,
    });
    const collect = async (): Promise<number> => {
      const before = collected;
      await expect(news.collectNews({ body: {} })).rejects.toMatchObject({
        code: 'VENDOR_UNAVAILABLE',
      });
      return collected - before;
    };
    expect(await collect()).toBe(1);
    expect(await atStep('2026-03-10T13:31:00.000Z', collect)).toBeGreaterThan(1);
  });
  it('hides the message of an unforeseen error', async () => {
    const { data, status } = await axios.get(`${service.url}/api/v1/articles`, {
      validateStatus: () => true,
      headers: { 'x-api-key': service.keys.workflow },
    });
    expect(status).toBe(500);
    expect(JSON.stringify(data)).not.toContain('42');
  });
  it('describes its API in OpenAPI and its health in the v6.0 shape, and serves Prometheus metrics', async () => {
    const { data: api } = await axios.get(`${service.url}/openapi.json`);
    expect(Object.keys(api.paths)).toEqual([
      '/api/v1/news/collect',
      '/api/v1/catalysts/query',
      '/api/v1/articles',
    ]);
    const { data: health } = await axios.get(`${service.url}/health`);
    expect(health).toMatchObject({
      status: 'healthy',
      service: 'news',
      version: '6.0.0',
      database: 'connected',
      redis: 'connected',
      dependencies: {},
    });
    const { data: metrics } = await axios.get(`${service.url}/metrics`);
    expect(metrics).toMatch(
      /catalyst_http_request_seconds_count\{.*route="\/api\/v1\/catalysts\/query"/,
    );
  });
  it('throws when the replay clock is read outside of a step', () => {
    expect(() => clock.now()).toThrow('outside of a step');
  });
});
