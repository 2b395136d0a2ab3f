import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts } from '@catalyst/platform';
import { behindNginx } from './behind-nginx.ts';
import { createBrowser } from './oauth-browser.ts';
import { REDIRECT } from './oauth-client.ts';
import { letIn, PASSWORD, startOauthDesk, type OauthDesk } from './oauth-desk.ts';
import { createOauthRequests } from './oauth-requests.ts';

const { program, withNginx } = await behindNginx('oauth-hostile.test.ts');

withNginx('a client that has no key', () => {
  let desk: OauthDesk;
  beforeAll(async () => {
    desk = await startOauthDesk(program!);
    await desk.setOperator();
  }, 120_000);
  afterAll(() => desk?.close());

  const { post, register, pkce, authorize } = createOauthRequests(() => desk);

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
});
