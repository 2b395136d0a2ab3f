import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { behindNginx } from './behind-nginx.ts';
import { createBrowser } from './oauth-browser.ts';
import { createClientAuth, REDIRECT } from './oauth-client.ts';
import { letIn, startOauthDesk, type OauthDesk } from './oauth-desk.ts';
import { createOauthRequests } from './oauth-requests.ts';

const { program, withNginx } = await behindNginx('oauth-behind-nginx.test.ts');

withNginx('a client that has no key', () => {
  let desk: OauthDesk;
  beforeAll(async () => {
    desk = await startOauthDesk(program!, { copies: 2 });
    await desk.setOperator();
  }, 120_000);
  afterAll(() => desk?.close());

  const { connect, comeIn, post, register, pkce, authorize, mcp, bearer, refresh, keyOf } =
    createOauthRequests(() => desk);

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
    const alerts = await desk.database.query<{ severity: string; message: string }>(
      "SELECT severity, message FROM alerts WHERE code = 'OAUTH_GRANTED' AND message LIKE $1",
      [`${key.name} was let in by OAuth with %`],
    );
    expect(alerts.map(({ severity }) => severity)).toEqual(['warning']);
    // the rows of reads are sent each second
    await eventually(async () => {
      const calls = await desk.database.query<{ tool: string; scope: string }>(
        'SELECT tool, scope FROM mcp_calls WHERE caller = $1',
        [`mcp:${key.name}`],
      );
      expect(calls).toContainEqual({ tool: 'get_alerts', scope: 'read' });
    });
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
