import { afterAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findNginx, freePort, identifyProcess, startNginx } from '../src/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const program = await findNginx({
  fetch: process.env.CATALYST_TEST_DOWNLOADS === '1',
  cache_folder: join(folder.path, 'cache'),
});

const config = `
user www-data;
pid /run/nginx.pid;
events { worker_connections 64; }
http {
  include parts/front.conf;
}
`;
const front =
  'server { listen 127.0.0.1:${FRONT_PORT}; location / { proxy_pass http://${UPSTREAM}; proxy_set_header Host $host; } }';

// Where this machine has no Nginx these are left out; CI has one.
const withNginx = program === null ? it.skip : it;

describe('Nginx as an ordinary child process', () => {
  withNginx(
    'passes requests on with a configuration made for a system service, its variables filled in',
    async () => {
      const upstream = createServer((request, response) =>
        response.end(`asked for ${request.url} at ${request.headers.host}`),
      ).listen(0, '127.0.0.1');
      await new Promise((resolve) => upstream.once('listening', resolve));
      const source = join(folder.path, 'source');
      mkdirSync(join(source, 'parts'), { recursive: true });
      writeFileSync(join(source, 'nginx.conf'), config);
      writeFileSync(join(source, 'parts', 'front.conf.template'), front);
      const port = await freePort();
      const nginx = await startNginx({
        config_path: join(source, 'nginx.conf'),
        prefix: join(folder.path, 'prefix'),
        port,
        variables: {
          FRONT_PORT: String(port),
          UPSTREAM: `127.0.0.1:${(upstream.address() as AddressInfo).port}`,
        },
        program: program!,
      });
      const answer = await fetch(`http://127.0.0.1:${port}/x`);
      expect(await answer.text()).toBe('asked for /x at 127.0.0.1');
      await nginx.stop();
      expect(identifyProcess(nginx.pid)).toBeNull();
      upstream.close();
      upstream.closeAllConnections();
    },
  );

  withNginx('says what Nginx said when it refuses the configuration', async () => {
    const source = join(folder.path, 'wrong');
    mkdirSync(source);
    writeFileSync(join(source, 'nginx.conf'), 'events {}\nhttp { servr {} }\n');
    await expect(
      startNginx({
        config_path: join(source, 'nginx.conf'),
        prefix: join(folder.path, 'wrong-prefix'),
        port: await freePort(),
        program: program!,
      }),
    ).rejects.toThrow(/unknown directive "servr"/);
  });
});
