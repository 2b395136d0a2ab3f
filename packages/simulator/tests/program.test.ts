import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import type { SimulatorFacts } from '../src/index.ts';
import { writeDay } from '../src/day/index.ts';
import { quietDay } from './small-day.ts';

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const folders: string[] = [];
const processes: ChildProcess[] = [];
afterEach(async () => {
  for (const child of processes.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const temporary = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  folders.push(folder);
  return folder;
};
const run = (args: string[], env: Record<string, string> = {}): ChildProcess => {
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, NODE_OPTIONS: '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  processes.push(child);
  return child;
};
const outcome = async (child: ChildProcess): Promise<{ code: number | null; errors: string }> => {
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, errors };
};

describe('the simulator as a program', () => {
  it('begins the bundled day a few minutes before the open where nothing is said', async () => {
    const child = run(['--json']);
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    const { url } = JSON.parse(line) as SimulatorFacts;
    expect(await (await fetch(`${url}/sim/status`)).json()).toMatchObject({ now: '2026-03-24T13:25:00.000Z', clock: 'stepped' });
  });

  it('says in one line where it is, keeps the mail that it is sent, and stops cleanly on SIGTERM', async () => {
    const day = await temporary();
    const mailDir = join(await temporary(), 'mail');
    await writeDay(quietDay([]), day);
    const child = run(['--day', day, '--mail-dir', mailDir, '--accounts', '2', '--cash', '25000', '--at', '09:29', '--json'], { SIM_KEY_ID: 'KEY', SIM_SECRET_KEY: 'SECRET' });
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    const facts = JSON.parse(line) as SimulatorFacts;
    expect(facts).toMatchObject({ day, trade_date: '2026-03-10', accounts: [{ account_number: 'SIM000001', key_id: 'KEY', secret_key: 'SECRET' }, { account_number: 'SIM000002' }] });
    expect(facts.stream_url).toBe(`${facts.url.replace('http', 'ws')}/stream`);

    const answer = await fetch(`${facts.url}/v2/account`, { headers: { 'APCA-API-KEY-ID': 'KEY', 'APCA-API-SECRET-KEY': 'SECRET' } });
    expect(await answer.json()).toMatchObject({ cash: '25000', buying_power: '50000' });

    const { hostname, port } = new URL(facts.smtp);
    const transport = createTransport({ host: hostname, port: Number(port), secure: false });
    await transport.sendMail({ from: 'desk@example.com', to: ['a@example.com', 'b@example.com'], subject: 'Paper: +$12.00 — a good day', text: 'plain', html: '<b>rich</b>' });
    await transport.sendMail({ from: 'desk@example.com', to: 'a@example.com', subject: 'second', text: 'x' });
    transport.close();
    expect(await readdir(mailDir)).toEqual(['0001.eml', '0002.eml']);
    const mail = await PostalMime.parse(await readFile(join(mailDir, '0001.eml')));
    expect(mail).toMatchObject({ subject: 'Paper: +$12.00 — a good day', text: 'plain\n', html: '<b>rich</b>\n' });
    expect(await (await fetch(`${facts.url}/sim/mail`)).json()).toMatchObject([
      { seq: 1, at: '2026-03-10T13:29:00.000Z', from: 'desk@example.com', to: ['a@example.com', 'b@example.com'], path: join(mailDir, '0001.eml') },
      { seq: 2, subject: 'second' },
    ]);

    child.kill('SIGTERM');
    expect((await outcome(child)).code).toBe(0);
  });

  it('refuses a wrong option with code 2 and a missing day with code 1 and the file', async () => {
    const usage = await outcome(run(['--day', 'nowhere', '--accounts', 'many']));
    expect(usage).toMatchObject({ code: 2, errors: expect.stringContaining('expected a whole number from 1 to 100') });
    const unknown = await outcome(run(['--day', 'someday']));
    expect(unknown).toEqual({ code: 1, errors: '--day: expected a folder or a bundled day (2026-03-24), was someday\n' });
    const missing = await outcome(run(['--day', join(await temporary(), 'nowhere')]));
    expect(missing).toMatchObject({ code: 1, errors: expect.stringContaining('day.json') });
  });
});
