import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { findChromium, openPage } from '../services/orchestration/tests/app/chromium.ts';
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
const chromium = findChromium();
if (!chromium)
  process.stderr.write(
    'LEFT OUT of tests/signal-examples.test.ts: the page in a browser, since no Chromium is installed here (Debian: apt-get install chromium)\n',
  );
/** The page at an address of its own, behind which the desk's stream is, as behind Nginx. */
const servePage = async (desk_url: string) => {
  const { hostname, port } = new URL(desk_url);
  const server = createServer((_request, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(readFileSync(join(folder, 'example.html'))),
  );
  server.on('upgrade', (request, near) => {
    const far = connect(Number(port), hostname);
    const lines = Object.entries(request.headers).map(
      ([name, value]) => `${name}: ${String(value)}`,
    );
    far.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => server.close(),
  };
};

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
  (chromium ? it : it.skip)(
    'in a page of a browser: shows each row once, and never as markup',
    async () => {
      const { key } = await desk.newClient('browser');
      const served = await servePage(desk.copies[0]!.url);
      const page = await openPage(chromium!, served.url);
      const rows = () =>
        page.evaluate<string[]>(
          "[...document.querySelectorAll('#rows li')].map((row) => row.textContent)",
        );
      // before its script has run, the form would load the page anew
      await eventually(async () =>
        expect(await page.evaluate('document.forms.length + document.readyState')).toBe(
          '1complete',
        ),
      );
      await page.evaluate(
        `document.getElementById('key').value = ${JSON.stringify(key)}; document.forms[0].requestSubmit()`,
      );
      const there = (await desk.log()).length;
      await eventually(async () => expect(await rows()).toHaveLength(there));
      await desk.write(2, '<img src=x onerror="document.title=1">');
      const last = await desk.log();
      await eventually(async () =>
        expect((await rows()).map((row) => Number(row.split(' ')[0]))).toEqual(
          last.map(({ seq }) => seq).reverse(),
        ),
      );
      expect((await rows())[0]).toContain('<img src=x');
      expect(await page.evaluate("document.querySelectorAll('img').length")).toBe(0);
      expect(page.complaints).toEqual([]);
      await page.close();
      served.close();
    },
    120_000,
  );
  (python ? it : it.skip)('in Python: prints each row once', async () => {
    const { key } = await desk.newClient('python');
    const all = (await desk.log()).map(({ seq }) => seq);
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
      ).toEqual(all),
    );
    child.kill();
  });
});
