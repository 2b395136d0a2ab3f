import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@catalyst/contracts';
import { composeFile, readCompose } from './compose-files.ts';

const root = resolve(import.meta.dirname, '..');
const containers = composeFile.parse(readCompose('docker-compose.yml')).services;
const ofServices = serviceNames.map((name) => containers[name]!.healthcheck!.test);
const ofImage = /^HEALTHCHECK (?:.*\\\n)*\s*CMD (\[.*\])$/m.exec(
  readFileSync(`${root}/Dockerfile`, 'utf8'),
)![1]!;

/** Runs a health check's command as the engine does, beside a service on this port. */
const run = (command: readonly string[], port: number): Promise<number | null> =>
  new Promise((done, reject) => {
    spawn(process.execPath, command.slice(1), { cwd: root, env: { PORT: String(port) } })
      .once('error', reject)
      .once('exit', done);
  });

describe('the health checks', () => {
  it('are one command for the nine services, run by Node without a shell', () => {
    expect(ofServices).toEqual(serviceNames.map(() => ofServices[0]));
    expect(ofServices[0]!.slice(0, 2)).toEqual(['CMD', 'node']);
  });
  it.each([
    ['of the services', '/health/ready', ofServices[0]!.slice(1)],
    ['of the image', '/health/live', JSON.parse(ofImage) as string[]],
  ])(
    '%s end with 0 where %s says that all is well, and with 1 where it does not or nobody answers',
    async (_, path, command) => {
      let status = 200;
      const server = createServer(({ url }, response) =>
        response.writeHead(url === path ? status : 404).end('{}'),
      );
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as AddressInfo;
      const well = await run(command, port);
      status = 503;
      const unwell = await run(command, port);
      await new Promise((done) => server.close(done));
      expect([well, unwell, await run(command, port)]).toEqual([0, 1, 1]);
    },
  );
});
