import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { expect, it } from '@jest/globals';
import { errorBody, serviceNames, services, type ServiceName } from '@catalyst/contracts';
import { eventually } from '@catalyst/testkit';
import { outsideRoutes } from '../nginx/outside-routes.ts';
import { behindNginx } from './behind-nginx.ts';
import { doorBeforeEchoes, refusal } from './door-before-echoes.ts';
import { newKey, openFrontDoor } from './front-door.ts';

const { program, withNginx } = await behindNginx('nginx.test.ts');

withNginx('the real Nginx before the services', () => {
  const front = doorBeforeEchoes(program);

  it('sends each route to the service that serves it, with the path and query as they came', async () => {
    for (const { path, service } of outsideRoutes()) {
      const { status, json } = await front.door.ask(
        `${path.replace(/:\w+/g, 'A%20B')}?limit=1`,
        front.operator(),
      );
      expect([path, status, json().service, json().url]).toEqual([
        path,
        200,
        service,
        `${path.replace(/:\w+/g, 'A%20B')}?limit=1`,
      ]);
    }
  });
  it('answers the status alone at /health and /health/<service>, without a key', async () => {
    expect((await front.door.ask('/health')).json()).toMatchObject({
      service: 'orchestration',
      url: '/health/status',
    });
    for (const name of serviceNames)
      expect((await front.door.ask(`/health/${name}`)).json()).toMatchObject({
        service: name,
        url: '/health/status',
      });
  });
  it.each([
    '/',
    '/metrics',
    '/openapi.json',
    '/health/nobody',
    '/healthy',
    '/api/v1/replay/advance',
    '/api/v1/stream/drain',
    '/api/v1/mcp/audit',
    '/api/v2/orders',
    '/-/missing-key',
    '/mcp/x',
    '/.well-known/other',
    '/.well-known/oauth-protected-resource/other',
    '/operator/other',
  ])('answers 404 with the error body at %s', async (path) => {
    const { status, text } = await front.door.ask(path, front.operator());
    expect([status, refusal(text).code]).toEqual([404, 'ROUTE_NOT_FOUND']);
  });
  it('passes the doors of OAuth and the operator to orchestration, without a key and in small bodies', async () => {
    for (const path of [
      '/.well-known/oauth-protected-resource',
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
      '/oauth/authorize?client_id=x',
      '/oauth/consent/a-b_C1/sign-in',
      '/operator',
      '/operator/sign-in',
    ]) {
      const { headers, ...asked } = (
        await front.door.ask(path, front.operator({ authorization: 'Bearer x', cookie: 'a=b' }))
      ).json();
      expect([asked.service, asked.url, headers['x-forwarded-for']]).toEqual([
        'orchestration',
        path,
        '127.0.0.1',
      ]);
      expect(headers).not.toHaveProperty('x-api-key');
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).toMatchObject({ cookie: 'a=b' });
    }
    const large = await front.door.ask('/oauth/token', {
      method: 'POST',
      body: 'x'.repeat(20_000),
    });
    expect([large.status, refusal(large.text).code]).toEqual([413, 'BODY_TOO_LARGE']);
    // what such a page may do it says itself: two rules would be one that allows nothing
    expect((await front.door.ask('/operator')).headers['content-security-policy']).toBeUndefined();
  });
  it('passes each event of a stream on at once', async () => {
    const stream = await front.door.open('/mcp', {
      headers: { 'x-api-key': front.door.keys.mcp, accept: 'text/event-stream' },
    });
    const events = stream[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
    expect(String((await events.next()).value)).toBe('data: first\n\n');
    front.behind.writeSecondEvent();
    expect(String((await events.next()).value)).toBe('data: second\n\n');
  });
  it("passes a service's own error as it is", async () => {
    const { status, text } = await front.door.ask('/api/v1/orders', {
      method: 'POST',
      body: '{}',
      ...front.operator(),
    });
    expect([status, refusal(text).message]).toEqual([502, 'the service says so itself']);
  });
  it('takes a body of 1 MB and refuses a larger one with 413, announced or in chunks', async () => {
    const largest = Buffer.alloc(1_048_576, ' ');
    expect(
      (
        await front.door.ask('/api/v1/scan/start', {
          method: 'POST',
          body: largest,
          ...front.operator(),
        })
      ).json(),
    ).toMatchObject({ bytes: 1_048_576 });
    const larger = Buffer.alloc(1_048_577, ' ');
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }] as Record<string, string>[]) {
      const { status, text } = await front.door.ask('/api/v1/scan/start', {
        method: 'POST',
        body: larger,
        ...front.operator(headers),
      });
      expect([status, refusal(text).code]).toEqual([413, 'BODY_TOO_LARGE']);
    }
  });
  it('says what it answers with, and hides what it is', async () => {
    for (const path of ['/api/v1/status', '/nothing']) {
      const { headers } = await front.door.ask(path, front.operator());
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'strict-transport-security': 'max-age=31536000',
        server: 'nginx',
      });
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    }
  });
  it('speaks TLS 1.3 and nothing older', async () => {
    const port = Number(new URL(front.door.https_url).port);
    const shake = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string>((done) => {
        const socket: TLSSocket = connect(
          { host: '127.0.0.1', port, rejectUnauthorized: false, maxVersion },
          () => {
            done(socket.getProtocol() ?? '');
            socket.destroy();
          },
        );
        socket.once('error', () => done('refused'));
      });
    expect([await shake('TLSv1.3'), await shake('TLSv1.2')]).toEqual(['TLSv1.3', 'refused']);
  });
  it('redirects plain HTTP, and tells Compose on it that it lives', async () => {
    const ask = (path: string) =>
      new Promise<IncomingMessage>((done, reject) =>
        get({ host: '127.0.0.1', port: front.door.http_port, path, agent: false }, done).once(
          'error',
          reject,
        ),
      );
    const moved = await ask('/api/v1/status?x=1');
    expect([moved.statusCode, moved.headers.location]).toEqual([
      308,
      'https://127.0.0.1/api/v1/status?x=1',
    ]);
    expect((await ask('/-/live')).statusCode).toBe(204);
  });
  it('writes no key, header or query into its log', async () => {
    await front.door.ask('/api/v1/status?secret=42', front.operator());
    const text = await eventually(() => {
      const read = readFileSync(join(front.door.keys_dir, '../access.log'), 'utf8');
      expect(read).toContain('"path":"/api/v1/status"');
      return read;
    });
    expect(text).not.toContain('secret=42');
    expect(text).not.toContain(front.door.keys.operator);
    for (const line of text.trimEnd().split('\n'))
      expect(JSON.parse(line)).toHaveProperty('duration_s');
  });
  it('answers 503 with the error body for a service that is gone, and goes on serving the others', async () => {
    await front.behind.stop('risk');
    const gone = await front.door.ask('/api/v1/status', front.operator());
    expect([gone.status, refusal(gone.text).code, refusal(gone.text).details]).toEqual([
      503,
      'SERVICE_UNAVAILABLE',
      { service: 'risk' },
    ]);
    expect((await front.door.ask('/health/risk')).status).toBe(503);
    expect((await front.door.ask('/api/v1/account', front.operator())).status).toBe(200);
  });
});

withNginx('Nginx while its services have names that nobody knows', () => {
  it('starts all the same, answers 503, and holds strangers to their rate but not those with a key', async () => {
    const unknown = Object.fromEntries(
      serviceNames.map((name) => [name, `${name}.invalid:${services[name].port}`]),
    ) as Record<ServiceName, string>;
    const door = await openFrontDoor(program!, unknown, {
      cli_key: newKey(),
      stranger_rate: '1r/s',
    });
    try {
      expect(
        (await door.ask('/api/v1/status', { headers: { 'x-api-key': door.keys.operator } })).status,
      ).toBe(503);
      const statuses = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          door
            .ask('/api/v1/status', index % 2 ? {} : { headers: { 'x-api-key': 'wrong' } })
            .then(({ status }) => status),
        ),
      );
      expect(statuses).toContain(401);
      expect(statuses).toContain(403);
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(15);
      expect(
        (await door.ask('/api/v1/status', { headers: { 'x-api-key': door.keys.operator } })).status,
      ).toBe(503);
      const elsewhere = await Promise.all(Array.from({ length: 30 }, () => door.ask('/nothing')));
      const limited = elsewhere.find(({ status }) => status === 429)!;
      expect([errorBody.parse(limited.json()).error.code, limited.headers['retry-after']]).toEqual([
        'TOO_MANY_REQUESTS',
        '1',
      ]);
    } finally {
      await door.close();
    }
  });
});
