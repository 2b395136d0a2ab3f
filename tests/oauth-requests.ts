import { createHash, randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { createBrowser } from './oauth-browser.ts';
import { REDIRECT, type createClientAuth } from './oauth-client.ts';
import { letIn, type OauthDesk } from './oauth-desk.ts';

type Auth = ReturnType<typeof createClientAuth>;

/** What clients and browsers ask of a desk's doors of OAuth. */
export const createOauthRequests = (desk: () => OauthDesk) => {
  const connect = async (auth: Auth): Promise<Client> => {
    const client = new Client({ name: 'claude', version: '1' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(desk().resource), {
        authProvider: auth.provider,
        fetch: desk().door.fetch,
      }),
    );
    return client;
  };
  /** All the way as the protocol's client goes it, with a person in a browser between. */
  const comeIn = async (auth: Auth, scope: string, browser = createBrowser(desk().door)) => {
    const transport = new StreamableHTTPClientTransport(new URL(desk().resource), {
      authProvider: auth.provider,
      fetch: desk().door.fetch,
    });
    await expect(new Client({ name: 'claude', version: '1' }).connect(transport)).rejects.toThrow(
      UnauthorizedError,
    );
    const { consent, came } = await letIn(desk(), browser, auth.kept.sent_to!, scope);
    await transport.finishAuth(came.outside!.searchParams);
    return { consent, came };
  };
  const post = (path: string, fields: Record<string, string>) =>
    desk().door.ask(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  let neighbour = 0;
  /** Each from an address of its own: one may not register many. */
  const register = (fields: object = {}, localAddress = `127.0.1.${(neighbour += 1)}`) =>
    desk().door.ask('/oauth/register', {
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
    const url = new URL('/oauth/authorize', desk().door.https_url);
    const asked = {
      client_id,
      response_type: 'code',
      redirect_uri: REDIRECT,
      code_challenge: pkce().challenge,
      code_challenge_method: 'S256',
      scope: 'read propose trade',
      state: 'mine',
      resource: desk().resource,
      ...fields,
    };
    for (const [name, value] of Object.entries(asked)) if (value) url.searchParams.set(name, value);
    return url;
  };
  const mcp = (
    headers: Record<string, string>,
    body: object = { jsonrpc: '2.0', id: 1, method: 'ping' },
  ) =>
    desk().door.ask('/mcp', {
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
      resource: desk().resource,
    });
  const keyOf = async (name: RegExp) =>
    (await desk().workflow.listAccessKeys()).keys.find((key) => name.test(key.name))!;
  return { connect, comeIn, post, register, pkce, authorize, mcp, bearer, refresh, keyOf };
};
