import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOnPath } from '@catalyst/platform';
import WebSocket from 'ws';

/** The browser of this machine, or undefined where it has none. */
export const findChromium = (): string | undefined =>
  ['chromium', 'chromium-browser', 'google-chrome']
    .map((name) => commandOnPath(name))
    .find(Boolean) ?? undefined;

interface Told {
  id?: number;
  method?: string;
  params?: Record<string, never>;
  result?: Record<string, never>;
  error?: { message: string };
}

/** A page in a browser without a window, by the browser's own protocol. */
export const openPage = async (program: string, url: string) => {
  const home = mkdtempSync(join(tmpdir(), 'catalyst-chromium-'));
  const browser = spawn(
    program,
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--hide-scrollbars',
      '--disable-features=IsolateSandboxedIframes',
      '--remote-debugging-port=0',
      `--user-data-dir=${home}`,
      'about:blank',
    ],
    { stdio: 'ignore' },
  );
  const portFile = join(home, 'DevToolsActivePort');
  for (let tries = 0; !existsSync(portFile) && tries < 300; tries += 1) await sleep(100);
  await sleep(100);
  const [port] = readFileSync(portFile, 'utf8').split('\n');
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
    type: string;
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets.find(({ type }) => type === 'page')!.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let last = 0;
  const waiting = new Map<number, (told: Told) => void>();
  /** What pages said on their console, or broke. */
  const complaints: string[] = [];
  socket.on('message', (data: Buffer) => {
    const told = JSON.parse(data.toString()) as Told;
    if (told.id !== undefined) waiting.get(told.id)?.(told);
    else if (
      /exceptionThrown|entryAdded/.test(told.method ?? '') ||
      (told.method === 'Runtime.consoleAPICalled' && told.params?.type !== 'debug')
    )
      complaints.push(JSON.stringify(told.params));
  });
  const send = (method: string, params: object = {}): Promise<Record<string, never>> =>
    new Promise((resolve, reject) => {
      const id = (last += 1);
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result!);
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  const evaluate = async <T>(expression: string, contextId?: number): Promise<T> => {
    const { result, exceptionDetails } = (await send('Runtime.evaluate', {
      expression,
      contextId,
      awaitPromise: true,
      returnByValue: true,
    })) as unknown as { result: { value: T }; exceptionDetails?: { text: string } };
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  };
  await send('Page.enable');
  await send('Runtime.enable');
  await send('Log.enable');
  await send('Page.navigate', { url });

  return {
    complaints,
    evaluate,
    /** Evaluates inside the page's one frame. */
    inFrame: async <T>(expression: string): Promise<T> => {
      const { frameTree } = (await send('Page.getFrameTree')) as unknown as {
        frameTree: { childFrames?: { frame: { id: string } }[] };
      };
      const frame = frameTree.childFrames?.[0];
      if (!frame) throw new Error('the page has no frame yet');
      const { executionContextId } = (await send('Page.createIsolatedWorld', {
        frameId: frame.frame.id,
      })) as unknown as { executionContextId: number };
      return evaluate<T>(expression, executionContextId);
    },
    resize: (width: number, height: number) =>
      send('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: width < 600,
      }),
    picture: async (): Promise<Buffer> => {
      const { data } = (await send('Page.captureScreenshot', { format: 'png' })) as unknown as {
        data: string;
      };
      return Buffer.from(data, 'base64');
    },
    close: async (): Promise<void> => {
      socket.close();
      const ended = new Promise((resolve) => browser.once('exit', resolve));
      browser.kill('SIGTERM');
      await ended;
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
export type Page = Awaited<ReturnType<typeof openPage>>;
