import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { startSignalDesk, type SignalDesk } from './signal-desk.ts';

const folder = join(import.meta.dirname, '../docs/signals');
/** The first on the PATH may be without the package that the system's own has. */
const python = ['python3', '/usr/bin/python3', '/usr/local/bin/python3', 'python'].find(
  (program) => spawnSync(program, ['-c', 'import websockets']).status === 0,
);
if (!python)
  process.stderr.write(
    'LEFT OUT of tests/signal-examples.test.ts: the Python example, since no Python with websockets is installed here (Debian: apt-get install python3-websockets)\n',
  );
describe('the examples of the protocol', () => {
  let desk: SignalDesk;
  const seqs = [1, 2, 3, 4, 5, 6, 7, 8];
  beforeAll(async () => {
    desk = await startSignalDesk();
    await desk.write(5);
  }, 60_000);
  afterAll(() => desk?.close());

  it('in a page: follows the log from its first row on, as text', async () => {
    const { key } = await desk.newClient('page');
    const [, script] = /<script>([^]*)<\/script>/.exec(
      readFileSync(join(folder, 'example.html'), 'utf8'),
    )!;
    const rows: string[] = [];
    const sockets: WebSocket[] = [];
    // the page's own address and elements, and nothing more of a browser
    class PageSocket extends WebSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    }
    const enter = { onsubmit: (_event: { preventDefault(): void }) => {} };
    const elements: Record<string, object> = {
      enter,
      state: {},
      key: { value: key },
      rows: { prepend: (row: { textContent: string }) => rows.push(row.textContent) },
    };
    runInNewContext(script!, {
      WebSocket: PageSocket,
      JSON,
      Math,
      setTimeout,
      location: { origin: desk.copies[0]!.url },
      document: { getElementById: (id: string) => elements[id], createElement: () => ({}) },
    });
    enter.onsubmit({ preventDefault: () => {} });
    await eventually(() => expect(rows).toHaveLength(5));
    await desk.write(3);
    await eventually(() => expect(rows.map((row) => Number(row.split(' ')[0]))).toEqual(seqs));
    for (const socket of sockets) socket.close(1000);
    await desk.desk.revokeClient({
      params: { client_id: (await desk.desk.listSignalClients()).clients[0]!.client_id },
      body: { by: 'op', reason: 'the test is over' },
    });
  });
  (python ? it : it.skip)('in Python: prints each row once', async () => {
    const { key } = await desk.newClient('python');
    const url = `${desk.copies[0]!.url.replace('http', 'ws')}/ws/signals`;
    const child = spawn(python!, [join(folder, 'example.py'), url, key]);
    let text = '';
    child.stdout.on('data', (data: Buffer) => (text += data.toString()));
    await eventually(() =>
      expect(
        text
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => (JSON.parse(line) as { seq: number }).seq),
      ).toEqual(seqs),
    );
    child.kill();
  });
});
