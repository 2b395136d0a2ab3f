import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

/** Asks once with a patience of 100 ms, and says what came of it. */
const ASKER = `
  import { within } from ${JSON.stringify(new URL('within.ts', import.meta.url).href)};
  const ask = async (path) => (await fetch(process.argv[1] + path)).text();
  await ask('/'); // the connection is open
  await within(100, 'the answer', ask('/held')).then(
    (text) => console.log(text.length),
    (error) => console.log(error.message),
  );
  process.exit();
`;

let server: Server;
let held: Promise<ServerResponse>;
beforeEach(async () => {
  const asked = Promise.withResolvers<ServerResponse>();
  held = asked.promise;
  server = createServer(({ url }, response) =>
    url === '/held' ? asked.resolve(response) : response.end(),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** What the asker says that stood still while its patience ended. */
const askAndStandStill = async (answer: (response: ServerResponse) => void): Promise<string> => {
  const { port } = server.address() as AddressInfo;
  const asker = spawn(
    process.execPath,
    ['--input-type=module', '-e', ASKER, `http://127.0.0.1:${port}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said = asker.stdout.toArray();
  const response = await held;
  asker.kill('SIGSTOP');
  answer(response);
  await pause(300);
  asker.kill('SIGCONT');
  return Buffer.concat(await said)
    .toString()
    .trim();
};

it('an answer that came while the process stood still counts, though its time was over before it went on', async () => {
  expect(await askAndStandStill((response) => response.end('x'.repeat(20_000)))).toBe('20000');
});

it('a vendor that is silent is given up all the same', async () => {
  expect(await askAndStandStill(() => {})).toBe('the answer took longer than 100 ms');
});
