import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@catalyst/contracts';
import { later } from '@catalyst/domain';
import { freePorts, type NginxProgram } from '@catalyst/platform';
import { createTestDatabase, createTestKeys, startTestService } from '@catalyst/testkit';
import type {
  OAuthClientInformationMixed,
  OAuthClientProvider,
  OAuthDiscoveryState,
  OAuthTokens,
} from '@modelcontextprotocol/client';
import { createOrchestrationService } from '../services/orchestration/src/service.ts';
import { workflowService } from '../services/workflow/src/service.ts';
import { openFrontDoor, type Answer, type FrontDoor } from './front-door.ts';

export const PASSWORD = 'correct horse battery staple';
/** A day without a market: the desk has nothing to do but to answer. */
const SUNDAY = '2026-11-29T12:00:00.000Z';
export const REDIRECT = 'https://claude.example/api/mcp/auth_callback';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator shows for a secret, written anew from RFC 6238. */
export const codeAt = (secret: string, at: string): string => {
  const bits = [...secret]
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.parse(at) / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
};

/** One browser: it keeps cookies and follows what the desk redirects to within the desk. */
export const createBrowser = (door: FrontDoor) => {
  const jar = new Map<string, { value: string; path: string }>();
  const ask = async (
    path: string,
    form?: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const cookie = [...jar]
      .filter(([, { path: below }]) => path.split('?')[0]!.startsWith(below))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const answer = await door.ask(path, {
      ...(form && { method: 'POST', body: new URLSearchParams(form).toString() }),
      headers: {
        accept: 'text/html',
        ...(cookie && { cookie }),
        ...(form && {
          'content-type': 'application/x-www-form-urlencoded',
          origin: door.https_url,
          'sec-fetch-site': 'same-origin',
        }),
        ...headers,
      },
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair, ...attributes] = line.split('; ');
      const [name, value = ''] = pair!.split(/=(.*)/s);
      const below = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
      if (value === '') jar.delete(name!);
      else jar.set(name!, { value, path: below });
    }
    return answer;
  };
  /** Follows redirects within the desk; the answer has where it leads outside, if it does. */
  const follow = async (
    answer: Answer,
  ): Promise<Answer & { path: string; outside: URL | null }> => {
    let at = answer;
    for (let path = ''; ;) {
      const location = at.headers.location;
      if (!location) return { ...at, path, outside: null };
      const next = new URL(location, door.https_url);
      if (next.origin !== door.https_url) return { ...at, path, outside: next };
      path = next.pathname + next.search;
      at = await ask(path);
      at = { ...at, headers: at.headers };
      if (!at.headers.location) return { ...at, path, outside: null };
    }
  };
  return {
    jar,
    ask,
    open: async (url: string | URL) => {
      const { pathname, search } = new URL(url, door.https_url);
      const first = await ask(pathname + search);
      const came = await follow(first);
      return { ...came, path: came.path || pathname + search };
    },
    /** Sends a page's form with what a person fills in. */
    send: async (page: { text: string }, filled: Record<string, string>, index = 0) => {
      const form = [...page.text.matchAll(/<form method="post" action="([^"]+)"[\s\S]*?<\/form>/g)][
        index
      ]!;
      const hidden = Object.fromEntries(
        [...form[0].matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [
          match[1]!,
          match[2]!,
        ]),
      );
      return follow(await ask(form[1]!, { ...hidden, ...filled }));
    },
  };
};
export type Browser = ReturnType<typeof createBrowser>;

/** A site at which a client publishes what it is. */
const startDocuments = async (folder: string) => {
  const pages = new Map<string, { status?: number; headers?: object; body: string }>();
  const server: Server = createServer(
    {
      key: readFileSync(join(folder, 'tls.key')),
      cert: readFileSync(join(folder, 'tls.crt')),
    },
    (request, response) => {
      const { status = 200, headers, body } = pages.get(request.url!) ?? { status: 404, body: '' };
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    },
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    publish: (path: string, fields: object = {}): string => {
      const client_id = `${origin}${path}`;
      pages.set(path, {
        body: JSON.stringify({
          client_id,
          client_name: 'Claude by document',
          redirect_uris: [REDIRECT],
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code', 'refresh_token'],
          ...fields,
        }),
      });
      return client_id;
    },
    serve: (path: string, page: { status?: number; headers?: object; body: string }): string => {
      pages.set(path, page);
      return `${origin}${path}`;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
};

/** Workflow and orchestration on paper, behind the real Nginx, with OAuth switched on. */
export const startOauthDesk = async (
  program: NginxProgram,
  { copies = 1, door_rate }: { copies?: number; door_rate?: string } = {},
) => {
  const undo: (() => Promise<unknown>)[] = [];
  const database = await createTestDatabase();
  undo.push(() => database.drop());
  const keys = createTestKeys();
  const started = performance.now();
  let skew_ms = 0;
  let stood_at: string | null = null;
  const now = (): string =>
    stood_at ?? later(SUNDAY, Math.round(performance.now() - started) + skew_ms);
  const run_id = `oauth-${randomBytes(4).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  const workflow = await startTestService(
    {
      ...workflowService,
      start: (kit) => workflowService.start({ ...kit, clock: { ...kit.clock, now, latest: now } }),
    },
    { database_url: database.url, keys, env: { RUN_ID: run_id, DOOR_SECRET: secret } },
  );
  undo.push(() => workflow.close());
  // Nginx first: the desk is told by which address it is called
  const addresses = Object.fromEntries(serviceNames.map((name) => [name, '127.0.0.1:9'])) as Record<
    ServiceName,
    string
  >;
  addresses.workflow = new URL(workflow.url).host;
  const ports = await freePorts(copies);
  addresses.orchestration = `127.0.0.1:${ports[0]}`;
  const door = await openFrontDoor(program, addresses, {
    cli_key: keys.cli,
    ...(door_rate !== undefined && { door_rate }),
  });
  undo.push(() => door.close());
  const network = {
    allow_private: true,
    ca: readFileSync(join(door.keys_dir, 'tls.crt'), 'utf8'),
  };
  const orchestration = [];
  for (const port of ports) {
    const spec = createOrchestrationService(network);
    const service = await startTestService(
      {
        ...spec,
        start: (kit) =>
          spec.start(
            // some of it may only be read where there is a database
            Object.create(kit, { clock: { value: { ...kit.clock, now, latest: now } } }),
          ),
      },
      {
        keys,
        env: {
          PORT: String(port),
          RUN_ID: run_id,
          WORKFLOW_URL: workflow.url,
          PUBLIC_URL: door.https_url,
          DOOR_SECRET: secret,
        },
      },
    );
    undo.push(() => service.close());
    orchestration.push(service);
  }
  const documents = await startDocuments(door.keys_dir);
  undo.push(() => documents.close());
  const cli = workflow.client('cli');
  let totp = '';
  return {
    door,
    database: database.database,
    documents,
    workflow: cli,
    /** The addresses of the copies behind Nginx; it knows the first. */
    copies: orchestration.map(({ url }) => url),
    resource: `${door.https_url}/mcp`,
    now,
    /** Holds the desk's time, or lets it go on. */
    stands: (held: boolean): void => {
      stood_at = held ? now() : null;
    },
    passes: (ms: number): void => void (skew_ms += ms),
    setOperator: async () => {
      const set = await cli.setOperator({ body: { password: PASSWORD, by: 'test' } });
      totp = set.secret;
      await cli.confirmOperator({ body: { code: codeAt(totp, now()), by: 'test' } });
      return set;
    },
    /** The next code that is not taken yet. */
    nextCode: (): string => {
      skew_ms += 30_000;
      return codeAt(totp, now());
    },
    codeNow: (): string => codeAt(totp, now()),
    close: async () => {
      for (const stop of undo.reverse()) await stop();
    },
  };
};
export type OauthDesk = Awaited<ReturnType<typeof startOauthDesk>>;

/** The protocol's own client as Claude's hosted connector uses it; where it sends a person, `sent_to` says. */
export const createClientAuth = (
  fields: { document?: string; redirect?: string; scope?: string; name?: string } = {},
) => {
  let information: OAuthClientInformationMixed | undefined;
  let tokens: OAuthTokens | undefined;
  let verifier = '';
  let discovered: OAuthDiscoveryState | undefined;
  const kept: { sent_to: URL | null } = { sent_to: null };
  const redirect = fields.redirect ?? REDIRECT;
  const provider: OAuthClientProvider = {
    redirectUrl: redirect,
    ...(fields.document !== undefined && { clientMetadataUrl: fields.document }),
    clientMetadata: {
      client_name: fields.name ?? 'Claude',
      redirect_uris: [redirect],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      // as the hosted connector asks for it
      token_endpoint_auth_method: 'client_secret_post',
      ...(fields.scope !== undefined && { scope: fields.scope }),
    },
    state: () => 'a-state-of-the-client',
    clientInformation: () => information,
    saveClientInformation: (given) => void (information = given),
    tokens: () => tokens,
    saveTokens: (given) => void (tokens = given),
    redirectToAuthorization: (url) => void (kept.sent_to = url),
    saveCodeVerifier: (given) => void (verifier = given),
    codeVerifier: () => verifier,
    saveDiscoveryState: (given) => void (discovered = given),
    discoveryState: () => discovered,
  };
  return {
    provider,
    kept,
    information: () => information,
    tokens: () => tokens,
    setTokens: (given: OAuthTokens) => void (tokens = given),
    verifier: () => verifier,
  };
};

/** The operator signs in where a client sent him, and lets it in with a scope. */
export const letIn = async (
  desk: OauthDesk,
  browser: Browser,
  url: URL,
  scope: string,
  answer: 'allow' | 'deny' = 'allow',
) => {
  let page = await browser.open(url);
  if (page.text.includes('Sign in as the operator'))
    page = await browser.send(page, { password: PASSWORD, code: desk.nextCode() });
  const came = await browser.send(page, { scope, lifetime: '24', answer });
  return { consent: page, came };
};
