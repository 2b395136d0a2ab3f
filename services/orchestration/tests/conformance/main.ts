/**
 * Holds the transport against the protocol's own suite, both eras, with the suite's fixtures behind
 * the code that serves the desk's own offer: `npm run conformance`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sharedRedis } from '@catalyst/platform';
import { createLog } from '@catalyst/service-kit';
import express from 'express';
import { openDoor } from '../../src/mcp/open-door.ts';
import { fixtureOffer } from './fixture-offer.ts';

const REVISIONS = ['2025-11-25', '2026-07-28'];
const suite = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);

/** The suite shows no key: on loopback, and here alone, everybody is the same holder. */
const holder = {
  key_id: 'conformance',
  key_hash: 'conformance',
  name: 'conformance',
  scopes: new Set(['read' as const]),
};
const everybody = {
  admit: async () => holder,
  admitAgain: async () => holder,
  forget: () => undefined,
};

const { url: redis_url } = await sharedRedis();
const door = openDoor({
  offer: fixtureOffer,
  admitHolder: everybody,
  lookAhead: async () => {},
  redis_url,
  run_id: `conformance-${process.pid}`,
  allowed_hosts: ['localhost', '127.0.0.1'],
  per_minute: 1_000_000,
  log: createLog('orchestration', 'error'),
});
const app = express();
app.use((request, _response, next) => {
  request.headers['x-api-key'] = 'anybody';
  next();
});
door.mount(app);
const server = createServer(app);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://localhost:${(server.address() as AddressInfo).port}/mcp`;
const results = mkdtempSync(join(tmpdir(), 'catalyst-conformance-'));

const run = (revision: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [suite, 'server', '--url', url, '--requirements', revision, '-o', results],
      { stdio: 'inherit' },
    );
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });

let failed = 0;
for (const revision of REVISIONS) failed += (await run(revision)) === 0 ? 0 : 1;
door.drain();
door.close();
server.close();
server.closeAllConnections();
rmSync(results, { recursive: true, force: true });
process.exit(failed === 0 ? 0 : 1);
