import { createHash, randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { freePorts } from '@catalyst/platform';
import { eventually } from '@catalyst/testkit';
import { findFrontDoor } from './front-door.ts';
import {
  codeAt,
  createBrowser,
  createClientAuth,
  letIn,
  PASSWORD,
  REDIRECT,
  startOauthDesk,
  type OauthDesk,
} from './oauth-desk.ts';

const program = await findFrontDoor();
if (!program)
  process.stderr.write(
    'LEFT OUT of tests/oauth-behind-nginx.test.ts: all, since nginx or openssl is not installed here\n',
  );
const withNginx = program ? describe : describe.skip;

type Auth = ReturnType<typeof createClientAuth>;

withNginx('a client that has no key', () => {
  let desk: OauthDesk;
  beforeAll(async () => {
    desk = await startOauthDesk(program!, { copies: 2 });
    await desk.setOperator();
  }, 120_000);
  afterAll(() => desk?.close());

  const connect = async (auth: Auth): Promise<Client> => {
    const client = new Client({ name: 'claude', version: '1' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(desk.resource), {
        authProvider: auth.provider,
        fetch: desk.door.fetch,
      }),
    );
    return client;
  };
  /** All the way as the protocol's client goes it, with a person in a browser between. */
  const comeIn = async (auth: Auth, scope: string, browser = createBrowser(desk.door)) => {
    const transport = new StreamableHTTPClientTransport(new URL(desk.resource), {
      authProvider: auth.provider,
      fetch: desk.door.fetch,
    });
    await expect(new Client({ name: 'claude', version: '1' }).connect(transport)).rejects.toThrow(
      UnauthorizedError,
    );
    const { consent, came } = await letIn(desk, browser, auth.kept.sent_to!, scope);
    await transport.finishAuth(came.outside!.searchParams);
    return { consent, came };
  };
  const post = (path: string, fields: Record<string, string>) =>
    desk.door.ask(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  let neighbour = 0;
  /** Each from an address of its own: one may not register many. */
  const register = (fields: object = {}, localAddress = `127.0.1.${(neighbour += 1)}`) =>
    desk.door.ask('/oauth/register', {
      method: 'POST',
      localAddress,
      body: JSON.stringify({ redirect_uris: [REDIRECT], client_name: 'by hand', ...fields }),
      headers: { 'content-type': 'application/json' },
    });
  const pkce = () => {
    const verifier = randomBytes(32).toString('base64url');
    return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
  };
  const authorize = (client_id: string, fields: Record<string, string> = {}): URL => {
    const url = new URL('/oauth/authorize', desk.door.https_url);
    const asked = {
      client_id,
      response_type: 'code',
      redirect_uri: REDIRECT,
      code_challenge: pkce().challenge,
      code_challenge_method: 'S256',
      scope: 'read propose trade',
      state: 'mine',
      resource: desk.resource,
      ...fields,
    };
    for (const [name, value] of Object.entries(asked)) if (value) url.searchParams.set(name, value);
    return url;
  };
  const mcp = (
    headers: Record<string, string>,
    body: object = { jsonrpc: '2.0', id: 1, method: 'ping' },
  ) =>
    desk.door.ask('/mcp', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const bearer = (auth: Auth) => ({ authorization: `Bearer ${auth.tokens()!.access_token}` });
  const refresh = (auth: Auth, token = auth.tokens()!.refresh_token!) =>
    post('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: auth.information()!.client_id,
      resource: desk.resource,
    });
  const keyOf = async (name: RegExp) =>
    (await desk.workflow.listAccessKeys()).keys.find((key) => name.test(key.name))!;

  it('is told where it can ask to be let in, and how', async () => {
    const refused = await mcp({});
    expect([
      refused.status,
      refused.headers['www-authenticate'],
      refused.json().error.code,
    ]).toEqual([
      401,
      `Bearer resource_metadata="${desk.door.https_url}/.well-known/oauth-protected-resource/mcp"`,
      'MISSING_KEY',
    ]);
    for (const path of ['', '/mcp'])
      expect(
        (await desk.door.ask(`/.well-known/oauth-protected-resource${path}`)).json(),
      ).toMatchObject({
        resource: desk.resource,
        authorization_servers: [desk.door.https_url],
        scopes_supported: ['read', 'propose', 'trade'],
      });
    // whatever name it was asked by
    const server = await desk.door.ask('/.well-known/oauth-authorization-server', {
      headers: { host: 'localhost', 'x-forwarded-host': 'evil.example' },
    });
    expect(server.json()).toMatchObject({
      issuer: desk.door.https_url,
      authorization_endpoint: `${desk.door.https_url}/oauth/authorize`,
      token_endpoint: `${desk.door.https_url}/oauth/token`,
      registration_endpoint: `${desk.door.https_url}/oauth/register`,
      revocation_endpoint: `${desk.door.https_url}/oauth/revoke`,
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
      client_id_metadata_document_supported: true,
      grant_types_supported: ['authorization_code', 'refresh_token'],
      scopes_supported: ['read', 'propose', 'trade'],
    });
    expect((await mcp({ host: 'evil.example' })).status).toBe(403);
  });

  it('registers, is let in for less than it asked, lists and calls by that, refreshes, and is out when it gives it back', async () => {
    const auth = createClientAuth();
    const { consent, came } = await comeIn(auth, 'read');
    expect(auth.information()).toMatchObject({ token_endpoint_auth_method: 'none' });
    expect(auth.information()).not.toHaveProperty('client_secret');
    expect(consent.text).toMatch(/It calls itself[^]*Claude[^]*claude\.example/);
    expect(consent.text).toContain('start a desk again that was stopped');
    expect(consent.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' https:\/\/claude\.example; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(consent.text).not.toMatch(/<script|javascript:|style="|\son\w+=/i);
    expect(Object.fromEntries(came.outside!.searchParams)).toMatchObject({
      state: 'a-state-of-the-client',
      iss: desk.door.https_url,
    });
    expect(auth.tokens()).toMatchObject({ token_type: 'Bearer', scope: 'read', expires_in: 900 });

    const reader = await connect(auth);
    const listed = (await reader.listTools()).tools.map(({ name }) => name);
    expect(listed).toContain('get_positions');
    expect(listed).not.toContain('preview_trade');
    const called = await reader.callTool({ name: 'get_alerts', arguments: {} });
    expect(called).toMatchObject({ content: [{ type: 'text' }] });
    expect(called.isError).not.toBe(true);
    await reader.close();

    const before = auth.tokens()!;
    desk.passes(16 * 240_000);
    await eventually(async () => {
      const over = await mcp(bearer(auth));
      expect([over.status, over.headers['www-authenticate']]).toEqual([
        401,
        expect.stringContaining('Bearer error="invalid_token", resource_metadata='),
      ]);
    });
    // the client refreshes by itself and goes on
    const again = await connect(auth);
    await again.listTools();
    await again.close();
    expect(auth.tokens()!.refresh_token).not.toBe(before.refresh_token);

    const key = await keyOf(/^oauth-claude-[0-9a-f]{6}$/);
    expect(key).toMatchObject({ kind: 'claude', state: 'active', scopes: ['read'] });
    const given_back = await post('/oauth/revoke', {
      token: auth.tokens()!.refresh_token!,
      client_id: auth.information()!.client_id,
    });
    expect(given_back.status).toBe(200);
    await eventually(async () => expect((await mcp(bearer(auth))).status).toBe(401));
    expect((await refresh(auth)).json()).toMatchObject({ error: 'invalid_grant' });
    expect(await keyOf(new RegExp(key.name))).toMatchObject({ state: 'revoked' });
    const audited = await desk.database.query<{ action: string }>(
      'SELECT action FROM audit_log WHERE subject = $1 ORDER BY seq',
      [`claude ${key.name}`],
    );
    expect(audited.map(({ action }) => action)).toEqual(['oauth_granted', 'access_key_revoked']);
    const calls = await desk.database.query<{ tool: string; scope: string }>(
      'SELECT tool, scope FROM mcp_calls WHERE caller = $1',
      [`mcp:${key.name}`],
    );
    expect(calls).toContainEqual({ tool: 'get_alerts', scope: 'read' });
  }, 240_000);

  it('names itself by a document, may trade where the operator says so, and is out at once when he revokes it', async () => {
    const document = desk.documents.publish('/claude.json');
    const auth = createClientAuth({ document });
    const { consent } = await comeIn(auth, 'trade');
    expect(auth.information()!.client_id).toBe(document);
    expect(consent.text).toContain(`The site <span class="host">${new URL(document).host}</span>`);
    expect(auth.tokens()!.scope!.split(' ').sort()).toEqual(['propose', 'read', 'trade']);
    const trader = await connect(auth);
    const listed = (await trader.listTools()).tools.map(({ name }) => name);
    expect(listed).toEqual(
      expect.arrayContaining(['preview_trade', 'execute_trade', 'close_position']),
    );
    const key = await keyOf(/^oauth-claude-by-document-/);
    await desk.workflow.revokeAccessKey({
      params: { key_id: key.key_id },
      body: { by: 'test', reason: 'has to go' },
    });
    await eventually(async () => expect((await mcp(bearer(auth))).status).toBe(401));
    expect((await refresh(auth)).json()).toMatchObject({ error: 'invalid_grant' });
    await trader.close().catch(() => undefined);
  }, 240_000);

  it('is served by another copy of orchestration as by the one that let it in', async () => {
    const auth = createClientAuth({ name: 'Copied' });
    await comeIn(auth, 'read');
    const other = (path: string, headers: Record<string, string>, body: string) =>
      fetch(`${desk.copies[1]}${path}`, { method: 'POST', headers, body });
    const asked = await other(
      '/mcp',
      { ...bearer(auth), 'content-type': 'application/json' },
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    );
    expect(asked.status).toBe(200);
    const refreshed = await other(
      '/oauth/token',
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: auth.tokens()!.refresh_token!,
        client_id: auth.information()!.client_id,
      }).toString(),
    );
    expect(await refreshed.json()).toMatchObject({ scope: 'read', token_type: 'Bearer' });
  }, 240_000);

  it('is sent back with a no where the operator says no, which is in the audit', async () => {
    const { client_id } = (await register({ client_name: 'Not wanted' })).json();
    const { came } = await letIn(
      desk,
      createBrowser(desk.door),
      authorize(client_id),
      'read',
      'deny',
    );
    expect(Object.fromEntries(came.outside!.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'mine',
    });
    expect(
      await desk.database.query(
        "SELECT 1 FROM audit_log WHERE action = 'oauth_denied' AND subject = 'Not wanted'",
      ),
    ).toHaveLength(1);
  });

  it('has no more of a code that it uses twice, or of a refresh token that it uses twice', async () => {
    for (const reuse of ['code', 'refresh'] as const) {
      const auth = createClientAuth({ name: `Twice ${reuse}` });
      const { came } = await comeIn(auth, 'read');
      const first = auth.tokens()!;
      expect((await mcp(bearer(auth))).status).toBe(200);
      if (reuse === 'code') {
        const again = await post('/oauth/token', {
          grant_type: 'authorization_code',
          code: came.outside!.searchParams.get('code')!,
          redirect_uri: REDIRECT,
          client_id: auth.information()!.client_id,
          code_verifier: auth.verifier(),
        });
        expect([again.status, again.json().error]).toEqual([400, 'invalid_grant']);
      } else {
        const next = await refresh(auth);
        expect(next.status).toBe(200);
        auth.setTokens(next.json());
        const again = await refresh(auth, first.refresh_token!);
        expect([again.status, again.json().error]).toEqual([400, 'invalid_grant']);
        expect((await refresh(auth)).json().error).toBe('invalid_grant');
      }
      await eventually(async () =>
        expect([reuse, (await mcp(bearer(auth))).status]).toEqual([reuse, 401]),
      );
    }
  }, 240_000);

  it('gets one token of a code that it shows many times at once', async () => {
    const { client_id } = (await register()).json();
    const { verifier, challenge } = pkce();
    const { came } = await letIn(
      desk,
      createBrowser(desk.door),
      authorize(client_id, { code_challenge: challenge }),
      'read',
    );
    const tries = await Promise.all(
      Array.from({ length: 6 }, () =>
        post('/oauth/token', {
          grant_type: 'authorization_code',
          code: came.outside!.searchParams.get('code')!,
          redirect_uri: REDIRECT,
          client_id,
          code_verifier: verifier,
        }),
      ),
    );
    expect(tries.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(tries.filter(({ status }) => status === 400).length).toBeGreaterThanOrEqual(5);
  }, 240_000);

  describe('that asks wrongly', () => {
    let client_id: string;
    beforeAll(async () => {
      ({ client_id } = (await register()).json());
    });
    const ask = (fields: Record<string, string>) =>
      createBrowser(desk.door).open(authorize(client_id, fields));

    it.each([
      ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
      ['with PKCE in the clear', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['for another resource', { resource: 'https://elsewhere.example/mcp' }, 'invalid_target'],
      ['for a token without a code', { response_type: 'token' }, 'unsupported_response_type'],
    ])('%s is sent back with %s', async (_how, fields, error) => {
      const { outside } = await ask(fields as Record<string, string>);
      expect(outside && outside.origin + outside.pathname).toBe(REDIRECT);
      expect(new URLSearchParams(outside!.search || outside!.hash.slice(1)).get('error')).toBe(
        error,
      );
    });
    it.each([
      ['https://evil.example/take'],
      [`${REDIRECT}/more`],
      [`${REDIRECT}?a=b`],
      ['http://claude.example/api/mcp/auth_callback'],
      ['//evil.example'],
    ])('to be sent to %s is shown a page and sent nowhere', async (redirect_uri) => {
      const came = await ask({ redirect_uri });
      expect([came.status, came.outside]).toEqual([400, null]);
      expect(came.text).toContain('Nothing was granted');
      expect(came.headers['content-security-policy']).toContain("default-src 'none'");
    });
    it('as somebody who is not known is sent nowhere', async () => {
      const came = await createBrowser(desk.door).open(authorize('nobody'));
      expect([came.status, came.outside]).toEqual([400, null]);
    });
    it('with a wrong verifier, redirect or resource gets no token', async () => {
      for (const wrong of [
        { code_verifier: pkce().verifier },
        { redirect_uri: 'https://evil.example/take' },
        { resource: 'https://elsewhere.example/mcp' },
        { client_id: 'nobody' },
      ] as Record<string, string>[]) {
        const { verifier, challenge } = pkce();
        const { came } = await letIn(
          desk,
          createBrowser(desk.door),
          authorize(client_id, { code_challenge: challenge }),
          'read',
        );
        const answer = await post('/oauth/token', {
          grant_type: 'authorization_code',
          code: came.outside!.searchParams.get('code')!,
          redirect_uri: REDIRECT,
          client_id,
          code_verifier: verifier,
          ...wrong,
        });
        expect([wrong, answer.status >= 400, answer.json().access_token]).toEqual([
          wrong,
          true,
          undefined,
        ]);
      }
    }, 240_000);
    it.each([
      ['http://claude.example/callback'],
      ['javascript:alert(1)'],
      ['claude://callback'],
      ['https://me:secret@claude.example/callback'],
      ['https://claude.example/callback#part'],
      [`https://claude.example/${'x'.repeat(600)}`],
    ])('to have its codes sent to %s is not registered', async (redirect) => {
      const answer = await register({ redirect_uris: [redirect] });
      expect([answer.status, answer.json().error]).toEqual([400, 'invalid_redirect_uri']);
    });
    it('registers no more than twenty times an hour from one address', async () => {
      const answers = [];
      for (let each = 0; each < 21; each += 1) answers.push(await register({}, '127.0.2.2'));
      expect(answers.map(({ status }) => status)).toEqual([...Array(20).fill(201), 429]);
      expect(Number(answers[20]!.headers['retry-after'])).toBeGreaterThan(3000);
    });
    it('with a body that is too large is not read', async () => {
      const answer = await register({ client_uri: `https://claude.example/${'x'.repeat(20_000)}` });
      expect([answer.status, answer.json().error.code]).toEqual([413, 'BODY_TOO_LARGE']);
      expect((await post('/oauth/token', { code: 'x'.repeat(20_000) })).status).toBe(413);
    });
    it('by plain http is sent to https, and nothing is taken', async () => {
      const status = await new Promise((done, fail) =>
        get(
          { host: '127.0.0.1', port: desk.door.http_port, path: '/oauth/authorize?x=1' },
          (answer) => {
            answer.resume();
            done([answer.statusCode, answer.headers.location]);
          },
        ).on('error', fail),
      );
      expect(status).toEqual([308, 'https://127.0.0.1/oauth/authorize?x=1']);
    });
    it.each([
      ['that is of another id', { client_id: 'https://elsewhere.example/claude.json' }],
      ['with a secret', { client_secret: 'x' }],
      ['that wants a secret', { token_endpoint_auth_method: 'client_secret_basic' }],
      ['whose codes go to plain http', { redirect_uris: ['http://claude.example/callback'] }],
      ['with much in it', { client_uri: `https://claude.example/${'x'.repeat(9000)}` }],
    ])('by a document %s is shown a page', async (how, fields) => {
      const document = desk.documents.publish(`/${encodeURIComponent(how)}`, fields);
      const came = await createBrowser(desk.door).open(authorize(document));
      expect([came.status, came.outside]).toEqual([400, null]);
    });
    it('by a document that is elsewhere than it says is shown a page', async () => {
      const there = desk.documents.publish('/there.json');
      const moved = desk.documents.serve('/moved.json', {
        status: 302,
        headers: { location: there },
        body: '',
      });
      const came = await createBrowser(desk.door).open(authorize(moved));
      expect([came.status, came.outside]).toEqual([400, null]);
    });
  });

  describe('and the browser of the operator', () => {
    const startAsking = async (fields: object = {}) => {
      const { client_id } = (await register(fields)).json();
      const browser = createBrowser(desk.door);
      return { browser, page: await browser.open(authorize(client_id)), client_id };
    };
    it('shows what a client calls itself as text, whatever is in it', async () => {
      const { page } = await startAsking({
        client_name: '<script>alert(1)</script>"\u202Eedualc & Sons',
      });
      expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot; edualc &amp; Sons');
      expect(page.text).not.toContain('<script');
    });
    it('signs nobody in with one factor, with a code twice, or by a form of another site', async () => {
      const { browser, page } = await startAsking();
      const code = desk.nextCode();
      const tried = [
        await browser.send(page, { password: 'not the password', code }),
        await browser.send(page, { password: PASSWORD, code: '000000' }),
        await browser.ask(`${page.path}/sign-in`, { password: PASSWORD, code }),
        await browser.ask(
          `${page.path}/sign-in`,
          { password: PASSWORD, code },
          { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
        ),
      ];
      for (const { status, text } of tried)
        expect([status, text]).toEqual([403, expect.stringContaining('role="alert"')]);
      expect([...browser.jar.keys()].filter((name) => name.includes('operator'))).toEqual([]);
      const came = await browser.send(page, { password: PASSWORD, code });
      expect(came.text).toContain('Let this program in');
      const second = await startAsking();
      const again = await second.browser.send(second.page, { password: PASSWORD, code });
      expect(again.text).toContain('A code is taken once');
    });
    it('takes no answer from another browser, of a changed form, or by another site', async () => {
      const { browser, page } = await startAsking();
      const consent = await browser.send(page, { password: PASSWORD, code: desk.nextCode() });
      const answer = { answer: 'allow', scope: 'trade', lifetime: '24' };
      const stranger = await createBrowser(desk.door).ask(page.path, answer);
      expect([stranger.status, stranger.text]).toEqual([
        400,
        expect.stringContaining('another browser'),
      ]);
      for (const changed of [
        { csrf: 'forged' },
        { scope: 'admin' },
        { lifetime: '999999' },
      ] as Record<string, string>[]) {
        const refused = await browser.send(consent, { ...answer, ...changed });
        expect([changed, refused.status]).toEqual([changed, 403]);
      }
      const crossed = await browser.ask(page.path, answer, { origin: 'null' });
      expect(crossed.status).toBe(403);
      const came = await browser.send(consent, answer);
      expect(came.outside!.searchParams.get('code')).toBeTruthy();
    });
    it('gives no more than was asked for, whatever the form says', async () => {
      const { client_id } = (await register()).json();
      const { verifier, challenge } = pkce();
      const { consent, came } = await letIn(
        desk,
        createBrowser(desk.door),
        authorize(client_id, { scope: 'read claudeai', code_challenge: challenge }),
        'trade',
      );
      expect(consent.text).not.toContain('value="trade"');
      const { scope } = (
        await post('/oauth/token', {
          grant_type: 'authorization_code',
          code: came.outside!.searchParams.get('code')!,
          redirect_uri: REDIRECT,
          client_id,
          code_verifier: verifier,
        })
      ).json();
      expect(scope).toBe('read');
    });
    it('asks for the factors again after a quarter of an hour, and is out when he signs out', async () => {
      const { browser, page, client_id } = await startAsking();
      await browser.send(page, { password: PASSWORD, code: desk.nextCode() });
      expect((await browser.open(authorize(client_id))).text).toContain('Let this program in');
      desk.passes(16 * 240_000);
      expect((await browser.open(authorize(client_id))).text).toContain('Sign in as the operator');
      const own = await browser.open('/operator');
      expect(own.text).toContain('You are signed in');
      await browser.send(own, {});
      expect((await browser.open('/operator')).text).toContain('Sign in as the operator');
    });
    it('sends cookies over TLS alone, to no script and to no other site', async () => {
      const browser = createBrowser(desk.door);
      const { pathname, search } = authorize((await register()).json().client_id);
      const cookies = (await browser.ask(pathname + search)).headers['set-cookie'] ?? [];
      const signed_in = await browser.ask('/operator/sign-in', {
        csrf: /name="csrf" value="([^"]+)"/.exec((await browser.open('/operator')).text)![1]!,
        password: PASSWORD,
        code: desk.nextCode(),
      });
      cookies.push(...(signed_in.headers['set-cookie'] ?? []));
      expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(
        expect.arrayContaining(['__Secure-oauth-request', '__Host-operator']),
      );
      for (const cookie of cookies)
        for (const attribute of [/; secure/i, /; httponly/i, /; samesite=lax/i])
          expect(cookie).toMatch(attribute);
    });
  });

  it("passes the protocol's own suite for authorization servers", async () => {
    const [port] = await freePorts(1);
    const redirect = `http://127.0.0.1:${port}/callback`;
    const { client_id } = (await register({ redirect_uris: [redirect] })).json();
    const { resolve: find } = createRequire(import.meta.url);
    const suite = join(
      dirname(find('@modelcontextprotocol/conformance/package.json')),
      'dist/index.js',
    );
    const child = spawn(
      process.execPath,
      [
        ...[suite, 'authorization', '--url', desk.door.https_url, '--resource', desk.resource],
        ...['--client-id', client_id, '--port', String(port)],
      ],
      {
        env: {
          PATH: process.env.PATH,
          NODE_EXTRA_CA_CERTS: join(desk.door.keys_dir, 'tls.crt'),
        },
      },
    );
    let said = '';
    const ended = new Promise<number | null>((done) => child.once('close', done));
    const asked = new Promise<URL>((done) => {
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        const url = /https:\/\/\S+\/oauth\/authorize\?\S+/.exec(said)?.[0];
        if (url) done(new URL(url));
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      void ended.then(() => done(new URL('https://nowhere.example')));
    });
    const { came } = await letIn(desk, createBrowser(desk.door), await asked, 'read');
    await fetch(came.outside!);
    expect([await ended, said]).toEqual([0, expect.not.stringMatching(/FAILURE|✗/)]);
  }, 240_000);

  it('leaves the doors of keys as they are', async () => {
    const wrong = await mcp({ 'x-api-key': 'a-key-that-nobody-made-for-anybody' });
    expect([wrong.status, wrong.headers['www-authenticate'], wrong.json().error.code]).toEqual([
      403,
      undefined,
      'WRONG_KEY',
    ]);
    expect((await mcp({ authorization: 'Bearer a-key-that-nobody-made' })).status).toBe(403);
    expect((await mcp({ authorization: `Bearer ${desk.door.keys.operator}` })).status).toBe(403);
    expect((await mcp({ 'x-api-key': 'cat_at_that-is-no-token-of-ours' })).status).toBe(403);
  });
});

withNginx('the operator of a desk', () => {
  let desk: OauthDesk;
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-operator-'));
  beforeAll(async () => {
    desk = await startOauthDesk(program!);
    writeFileSync(join(folder, 'key'), desk.door.keys.operator);
  }, 120_000);
  afterAll(async () => {
    await desk?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const catalyst = (args: string[], input = '') =>
    new Promise<{ code: number | null; out: string; err: string }>((done) => {
      const child = spawn(
        process.execPath,
        [resolve(import.meta.dirname, '../packages/cli/src/main.ts'), ...args],
        {
          env: {
            PATH: process.env.PATH,
            CATALYST_HOME: folder,
            CATALYST_URL: desk.door.https_url,
            CATALYST_KEY_FILE: join(folder, 'key'),
            NODE_EXTRA_CA_CERTS: join(desk.door.keys_dir, 'tls.crt'),
          },
        },
      );
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.once('close', (code) => done({ code, out, err }));
      child.stdin.end(input);
    });

  it('signs in when he has set both factors, waits longer after each failure, and has recovery codes', async () => {
    const browser = createBrowser(desk.door);
    const page = await browser.open('/operator');
    expect((await browser.send(page, { password: PASSWORD, code: '123456' })).text).toContain(
      'No operator is set',
    );
    const { recovery_codes } = await desk.setOperator();
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(
        (await browser.send(page, { password: 'a wrong password', code: '123456' })).text,
      ).toContain('That is not the password');
    const held = await browser.send(page, { password: PASSWORD, code: recovery_codes[0]! });
    expect(held.text).toMatch(/Wait \d+ seconds/);
    desk.passes(31_000);
    const came = await browser.send(page, { password: PASSWORD, code: recovery_codes[0]! });
    expect(came.text).toContain('You are signed in');
    const again = await createBrowser(desk.door).send(page, {
      password: PASSWORD,
      code: recovery_codes[0]!,
    });
    expect(again.text).toContain('That is not the password');
    expect(await desk.workflow.showOperator()).toMatchObject({
      state: 'set',
      recovery_codes_left: 7,
    });
    // and nothing that signs in is in the database
    const stored = JSON.stringify(
      await Promise.all(
        ['operators', 'operator_sessions', 'operator_tries', 'audit_log'].map((table) =>
          desk.database.query(`SELECT * FROM ${table}`),
        ),
      ),
    );
    for (const secret of [
      PASSWORD,
      recovery_codes[1]!,
      ...[...browser.jar.values()].map(({ value }) => value),
    ])
      expect(stored).not.toContain(secret);
    await desk.setOperator();
    expect((await browser.open('/operator')).text).toContain('Sign in as the operator');
  });

  it('sets both factors by the command, which says where the hosted connector comes in and tries it', async () => {
    const set = await catalyst(['operator', 'set'], `${PASSWORD}\n`);
    expect([set.code, set.err]).toEqual([0, expect.stringContaining('operator confirm <code>')]);
    expect(set.out).toMatch(/[█▀▄]{20}/);
    const secret = /secret=([A-Z2-7]+)&/.exec(set.out)![1]!;
    // the command takes its time to start, and codes do not wait
    desk.stands(true);
    const confirmed = await catalyst(['operator', 'confirm', codeAt(secret, desk.now())]);
    desk.stands(false);
    expect([confirmed.code, confirmed.out]).toEqual([
      0,
      expect.stringMatching(/the operator can sign in .* 8 recovery codes left/),
    ]);
    const ca = join(desk.door.keys_dir, 'tls.crt');
    const printed = await catalyst(['claude', '--ca', ca]);
    expect(printed.out).toContain(`add a custom connector with ${desk.resource}`);
    // no key of Claude is given here, so the way of keys is blocked and the other is not
    const tried = await catalyst(['claude', '--check', '--ca', ca]);
    expect(tried.out).toContain(
      `ok      the hosted connector finds the way in at ${desk.resource}`,
    );
  }, 240_000);
});
