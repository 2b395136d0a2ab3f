import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SimulatorFacts } from '../../src/index.ts';
import { readProgramOptions } from '../../src/program-options.ts';

export const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const folders: string[] = [];
const processes: ChildProcess[] = [];

/** Ends what a test started and deletes its folders; its file calls it after each test. */
export const endSimulators = async (): Promise<void> => {
  for (const child of processes.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
};

export const temporary = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  folders.push(folder);
  return folder;
};
export const run = (args: string[], env: Record<string, string> = {}): ChildProcess => {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', npm_lifecycle_script: 'catalyst-simulator', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(child);
  return child;
};
export const outcome = async (
  child: ChildProcess,
): Promise<{ code: number | null; errors: string }> => {
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, errors };
};

class Ended extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`it would end with ${code}`);
    this.code = code;
  }
}
/** How the program would end that reads these arguments, and what it would say. */
export const refusalOf = (
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { code: number | null; errors: string } => {
  let errors = '';
  const end = (code: number): never => {
    throw new Ended(code);
  };
  try {
    const writeErr = (text: string): void => void (errors += text);
    readProgramOptions(['node', program, ...args], env, { end, writeErr });
    return { code: null, errors };
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    return { code: error.code, errors };
  }
};

export const start = async (): Promise<SimulatorFacts & { child: ChildProcess }> => {
  const child = run(['--json']);
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return { ...(JSON.parse(line) as SimulatorFacts), child };
};

/** A request for a stream; who sends it by hand never answers the stream's goodbye. */
export const UPGRADE =
  'GET /v2/sip HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

/** A connection that has sent `text`, has heard something, and stays. */
export const hold = async (address: string, text: string): Promise<Socket> => {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'data');
  return socket;
};
