import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@catalyst/contracts';
import { later } from '@catalyst/domain';
import { freePorts, type NginxProgram } from '@catalyst/platform';
import { createTestDatabase, createTestKeys, startTestService } from '@catalyst/testkit';
import { createOrchestrationService } from '../services/orchestration/src/service.ts';
import { workflowService } from '../services/workflow/src/service.ts';
import { startDocuments } from './client-documents.ts';
import { openFrontDoor } from './front-door.ts';
import type { Browser } from './oauth-browser.ts';

export const PASSWORD = 'correct horse battery staple';
/** A day without a market: the desk has nothing to do but to answer. */
const SUNDAY = '2026-11-29T12:00:00.000Z';
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
