import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { ServiceName } from '@catalyst/contracts';
import {
  commandOnPath,
  findNginx,
  freePorts,
  startNginx,
  type NginxProgram,
  type RunningNginx,
} from '@catalyst/platform';
import { nginxVariables } from '../nginx/nginx-variables.ts';
import { writeOutsideKeys } from '../nginx/outside-keys.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what echo servers say is checked by the test
  json: () => any;
}

export interface FrontDoor {
  https_url: string;
  http_port: number;
  nginx: RunningNginx;
  keys: { mcp: string; operator: string };
  keys_dir: string;
  /** One request over TLS that trusts the test's certificate. */
  ask(path: string, options?: RequestOptions & { body?: string | Buffer }): Promise<Answer>;
  /** The same, answered as soon as the headers are there. */
  open(path: string, options?: RequestOptions & { body?: string }): Promise<IncomingMessage>;
  /** The platform's fetch for clients that take one, with the test's certificate trusted. */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export const newKey = (): string => randomBytes(32).toString('base64url');

/**
 * The Nginx of this machine, with openssl for its certificate, or null: then the tests that need
 * them say that they were left out. CATALYST_TEST_DOWNLOADS=1 fetches one where it is missing.
 */
export const findFrontDoor = async (): Promise<NginxProgram | null> =>
  commandOnPath('openssl') === null
    ? null
    : findNginx({ fetch: process.env.CATALYST_TEST_DOWNLOADS === '1' });

/** A certificate for localhost that ends in two days, as tls.key and tls.crt of this folder. */
export const makeCertificate = async (keys_dir: string): Promise<void> => {
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
    '-keyout',
    join(keys_dir, 'tls.key'),
    '-out',
    join(keys_dir, 'tls.crt'),
  ]);
};

/** The real Nginx with the project's own configuration, before the given addresses. */
export const openFrontDoor = async (
  program: NginxProgram,
  addresses: Record<ServiceName, string>,
  {
    cli_key,
    mcp_key = newKey(),
    stranger_rate = '1000r/s',
    door_rate = '1000r/s',
  }: { cli_key: string; mcp_key?: string; stranger_rate?: string; door_rate?: string },
): Promise<FrontDoor> => {
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-nginx-'));
  const keys_dir = join(folder, 'keys');
  mkdirSync(keys_dir);
  await makeCertificate(keys_dir);
  const keys = { mcp: mcp_key, operator: newKey() };
  writeOutsideKeys(keys_dir, { mcp: [keys.mcp], operator: [keys.operator], cli_key });
  const [https_port, http_port] = (await freePorts(2)) as [number, number];
  const prefix = join(folder, 'run');
  const nginx = await startNginx({
    config_path: resolve(import.meta.dirname, '../nginx/nginx.conf.template'),
    prefix,
    port: https_port,
    program,
    variables: nginxVariables({
      https_listen: `127.0.0.1:${https_port}`,
      http_listen: `127.0.0.1:${http_port}`,
      addresses,
      keys_dir,
      run_dir: prefix,
      stranger_rate,
      door_rate,
      access_log: join(folder, 'access.log'),
    }),
  });
  const ca = readFileSync(join(keys_dir, 'tls.crt'));
  const open: FrontDoor['open'] = (path, { body, ...options } = {}) =>
    new Promise((resolvePromise, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: https_port,
          servername: 'localhost',
          ca,
          path,
          agent: false,
          ...options,
        },
        resolvePromise,
      );
      sent.once('error', reject);
      sent.end(body);
    });
  return {
    https_url: `https://localhost:${https_port}`,
    http_port,
    nginx,
    keys,
    keys_dir,
    open,
    fetch: async (url, { method = 'GET', headers, body, signal } = {}) => {
      const { pathname, search } = new URL(url);
      const answer = await open(pathname + search, {
        method,
        headers: Object.fromEntries(new Headers(headers)),
        ...(signal && { signal }),
        ...(typeof body === 'string' && { body }),
        ...(body instanceof URLSearchParams && { body: body.toString() }),
      });
      const { statusCode: status = 500 } = answer;
      const answered = Object.entries(answer.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one): [string, string] => [name, one]),
      );
      // a stream that the client gives up ends with an error that it asked for
      answer.on('error', () => undefined);
      return new Response(
        status === 204 || status === 304 ? null : (Readable.toWeb(answer) as ReadableStream),
        { status, headers: answered },
      );
    },
    ask: async (path, options = {}) => {
      const response = await open(path, options as RequestOptions & { body?: string });
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      return {
        status: response.statusCode!,
        headers: response.headers,
        text,
        json: () => JSON.parse(text) as unknown,
      };
    },
    close: async () => {
      await nginx.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
