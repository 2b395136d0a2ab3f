import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import type { SimulatorFacts } from '../../src/index.ts';
import { writeDay } from '../../src/day/index.ts';
import { quietDay } from '../small-day.ts';
import { endSimulators, outcome, run, temporary } from './simulator-process.ts';

afterEach(endSimulators);

describe('the simulator as a program', () => {
  it('begins the bundled day a few minutes before the open where nothing is said', async () => {
    const child = run(['--json']);
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    const { url } = JSON.parse(line) as SimulatorFacts;
    expect(await (await fetch(`${url}/sim/status`)).json()).toMatchObject({
      now: '2026-03-24T13:25:00.000Z',
      clock: 'stepped',
    });
  });

  it('says in one line where it is, keeps the mail that it is sent, and stops cleanly on SIGTERM', async () => {
    const day = await temporary();
    const mailDir = join(await temporary(), 'mail');
    await writeDay(quietDay([]), day);
    const child = run(
      [
        '--day',
        day,
        '--mail-dir',
        mailDir,
        '--accounts',
        '2',
        '--cash',
        '25000',
        '--at',
        '09:29',
        '--json',
      ],
      { SIM_KEY_ID: 'KEY', SIM_SECRET_KEY: 'SECRET' },
    );
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    const facts = JSON.parse(line) as SimulatorFacts;
    expect(facts).toMatchObject({
      day,
      trade_date: '2026-03-10',
      accounts: [
        { account_number: 'SIM000001', key_id: 'KEY', secret_key: 'SECRET' },
        { account_number: 'SIM000002' },
      ],
    });
    expect(facts.stream_url).toBe(`${facts.url.replace('http', 'ws')}/stream`);

    const answer = await fetch(`${facts.url}/v2/account`, {
      headers: { 'APCA-API-KEY-ID': 'KEY', 'APCA-API-SECRET-KEY': 'SECRET' },
    });
    expect(await answer.json()).toMatchObject({ cash: '25000' });

    const { hostname, port } = new URL(facts.smtp);
    const transport = createTransport({ host: hostname, port: Number(port), secure: false });
    await transport.sendMail({
      from: 'desk@example.com',
      to: ['a@example.com', 'b@example.com'],
      subject: 'Paper: +$12.00 — a good day',
      text: 'plain',
      html: '<b>rich</b>',
    });
    await transport.sendMail({
      from: 'desk@example.com',
      to: 'a@example.com',
      subject: 'second',
      text: 'x',
    });
    transport.close();
    expect(await readdir(mailDir)).toEqual(['0001.eml', '0002.eml']);
    const mail = await PostalMime.parse(await readFile(join(mailDir, '0001.eml')));
    expect(mail).toMatchObject({
      subject: 'Paper: +$12.00 — a good day',
      text: 'plain\n',
      html: '<b>rich</b>\n',
    });
    expect(await (await fetch(`${facts.url}/sim/mail`)).json()).toMatchObject([
      {
        seq: 1,
        at: '2026-03-10T13:29:00.000Z',
        from: 'desk@example.com',
        to: ['a@example.com', 'b@example.com'],
        path: join(mailDir, '0001.eml'),
      },
      { seq: 2, subject: 'second' },
    ]);

    child.kill('SIGTERM');
    expect((await outcome(child)).code).toBe(0);
  });

  it('tells a person what it is, where it is and which lines point a client to it', async () => {
    const child = run(['--accounts', '2', '--cash', '5000'], {
      SIM_KEY_ID: 'KEY',
      SIM_SECRET_KEY: 'SECRET',
    });
    let text = '';
    for await (const line of createInterface(child.stdout!)) {
      text += `${line}\n`;
      if (line.startsWith('Ctrl+C')) break;
    }
    expect(text).toContain('This is a simulation');
    const lines = Object.fromEntries(
      [...text.matchAll(/^ {2}export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    expect(lines).toMatchObject({
      APCA_API_KEY_ID: 'KEY',
      APCA_API_SECRET_KEY: 'SECRET',
      APCA_API_DATA_URL: lines.APCA_API_BASE_URL,
    });
    expect(text).toMatch(/^trade updates +ws:.*\/stream$/m);
    expect(text).toMatch(/^stock data +ws:/m);
    expect(text).toMatch(/^mail +smtp:/m);
    expect(text).toMatch(/^SIM000002 +key PK\w+, secret \S+$/m);
    const account = await fetch(`${lines.APCA_API_BASE_URL}/v2/account`, {
      headers: { 'APCA-API-KEY-ID': 'KEY', 'APCA-API-SECRET-KEY': 'SECRET' },
    });
    expect(await account.json()).toMatchObject({ cash: '5000' });
    const step = /curl -X POST (\S+) -d '(.*)'/.exec(text)!;
    expect(
      (await (await fetch(step[1]!, { method: 'POST', body: step[2]! })).json()) as object,
    ).toMatchObject({ now: '2026-03-24T13:26:00.000Z' });
  });

  it('is like a paper account where nothing else is said', async () => {
    const keys = { 'APCA-API-KEY-ID': 'KEY', 'APCA-API-SECRET-KEY': 'SECRET' };
    const limits = async (args: string[]): Promise<(string | null)[]> => {
      const child = run(['--json', ...args], { SIM_KEY_ID: 'KEY', SIM_SECRET_KEY: 'SECRET' });
      const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
      const { url } = JSON.parse(line) as SimulatorFacts;
      const recent = `${url}/v2/stocks/ORRI/bars?timeframe=1Min&end=2026-03-24T13:20:00Z`;
      const { headers, status } = await fetch(recent, { headers: keys });
      return [headers.get('x-ratelimit-limit'), String(status)];
    };
    expect(await limits(['--like', 'paper'])).toEqual(['200', '403']);
    expect(await limits(['--like', 'paper', '--rate-limit', '7', '--data-plan', 'plus'])).toEqual([
      '7',
      '200',
    ]);
  });
});
