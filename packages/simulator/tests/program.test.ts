import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import type { SimulatorFacts } from '../src/index.ts';
import { writeDay } from '../src/day/index.ts';
import { readProgramOptions } from '../src/program-options.ts';
import { startProgram } from '../src/start-program.ts';
import { quietDay } from './small-day.ts';
import {
  program,
  temporary,
  run,
  outcome,
  refusalOf,
  start,
  UPGRADE,
  hold,
} from './simulator-process.ts';

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

  it.each([
    [['--accounts', 'many'], 'expected a whole number from 1 to 100'],
    [['--accounts', '0'], 'expected a whole number from 1 to 100'],
    [['--port', '65536'], 'expected a whole number from 0 to 65535'],
    [['--at', '25:00'], 'expected hh:mm'],
    [['--at', '9:30'], 'expected hh:mm'],
    [['--clock', 'scaled:0'], 'expected stepped, real, line or scaled:N'],
    [['--clock', 'line'], 'expected --clock line and --line w0,s0,f together'],
    [['--line', '1,2,3'], 'expected --clock line and --line w0,s0,f together'],
    [['--clock', 'line', '--line', '1,2'], 'expected w0,s0,f'],
    [['--cash', '-1'], 'expected dollars'],
    [['--data-plan', 'free'], 'Allowed choices are basic, plus'],
    [['--like', 'live'], 'Allowed choices are paper'],
    [['--bar-late-ms', '30000'], 'expected a whole number from 0 to 20000'],
    [['--iex-quotes', 'none'], 'Allowed choices are own, consolidated'],
    [['--answer-ms', '60-20'], 'expected milliseconds from and to, such as 20-60'],
    [['--volume-share', '2'], 'expected a ratio above 0 and at most 1'],
    [['--speed', '2'], "unknown option '--speed'"],
    [['2026-03-24'], 'too many arguments'],
  ])('refuses %j with code 2 and one sentence', (args, sentence) => {
    const { code, errors } = refusalOf(args);
    expect([code, errors.trimEnd().split('\n')]).toEqual([2, [expect.stringContaining(sentence)]]);
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

  it('refuses one key without the other', async () => {
    expect(await outcome(run([], { SIM_KEY_ID: 'KEY', SIM_SECRET_KEY: '' }))).toMatchObject({
      code: 2,
      errors: expect.stringContaining('expected SIM_KEY_ID and SIM_SECRET_KEY together'),
    });
  });

  it('cannot start with a day, a port or a file that is not to be had, and says so in one sentence with code 1', async () => {
    const folder = await temporary();
    const day = await temporary();
    await writeDay(quietDay([]), day);
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const { port } = taken.address() as AddressInfo;
    await writeFile(join(folder, 'taken'), '');
    const faults = await temporary();
    await writeFile(
      join(faults, 'unknown'),
      'faults:\n  - where: { market: NOPE }\n    what: { kind: halt }\n',
    );
    await writeFile(
      join(faults, 'twice'),
      JSON.stringify(
        [1, 2].map(() => ({ id: 'one', where: { market: 'ACME' }, what: { kind: 'halt' } })),
      ),
    );
    const cases: [string[], string][] = [
      [['--day', 'someday'], '--day: expected a folder or a bundled day (2026-03-24), was someday'],
      [['--day', join(folder, 'nowhere')], 'day.json'],
      [['--day', day, '--port', String(port)], `--port: ${port} is taken on 127.0.0.1`],
      [
        ['--day', day, '--ledger', join(folder, 'taken')],
        `--ledger: ${join(folder, 'taken')} exists`,
      ],
      [
        ['--day', day, '--ledger', join(folder, 'nowhere', 'ledger')],
        `--ledger: ${join(folder, 'nowhere', 'ledger')} cannot be written (ENOENT`,
      ],
      [
        [
          '--day',
          day,
          '--mail-dir',
          join(folder, 'taken', 'mail'),
          '--ledger',
          join(folder, 'ledger'),
        ],
        `--mail-dir: ${join(folder, 'taken', 'mail')} cannot be written (ENOTDIR`,
      ],
      [
        ['--day', day, '--mail-dir', join(folder, 'taken')],
        `--mail-dir: ${join(folder, 'taken')} cannot be written (ENOTDIR`,
      ],
      // on Linux, where Node's own recursive mkdir never ends
      [
        ['--day', day, '--mail-dir', '/proc/nowhere/mail'],
        '--mail-dir: /proc/nowhere/mail cannot be written (E',
      ],
      [['--day', day, '--faults', join(folder, 'no-faults')], 'no-faults'],
      [
        ['--day', day, '--faults', join(faults, 'unknown')],
        `${join(faults, 'unknown')}, line 2: faults.0.where.market: expected a symbol of the day (GET /v2/assets lists them) or *, was "NOPE"`,
      ],
      [
        ['--day', day, '--faults', join(faults, 'twice')],
        '--faults: 1.id: expected an id that no other fault has, was "one"',
      ],
    ];
    try {
      // the program says what its start says
      const { code, errors } = await outcome(run(cases[0]![0]));
      expect([code, errors.trimEnd().split('\n')]).toEqual([
        1,
        [expect.stringContaining(cases[0]![1])],
      ]);
      for (const [args, sentence] of cases) {
        const said = await startProgram(readProgramOptions(['node', program, ...args], {}));
        expect(said).toEqual(expect.stringContaining(sentence));
        expect(String(said).split('\n')).toHaveLength(1);
      }
      expect(await readdir(folder)).toEqual(['taken']);
    } finally {
      taken.close();
    }
  });

  it('names an option only where the fault is of the file that the option names', async () => {
    const folder = await temporary();
    const fail = (syscall: string): string =>
      `import net from 'node:net'; net.Server.prototype.listen = () => { throw Object.assign(new Error("EMFILE: too many open files, ${syscall} '/etc/hosts'"), { code: 'EMFILE', syscall: '${syscall}', path: '/etc/hosts' }); };`;
    for (const syscall of ['open', 'mkdir']) {
      for (const args of [
        [],
        ['--ledger', join(folder, `${syscall}.jsonl`), '--mail-dir', join(folder, 'mail')],
      ]) {
        const { code, errors } = await outcome(
          run(args, {
            NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(fail(syscall))}`,
          }),
        );
        expect([code, errors]).toEqual([
          1,
          `EMFILE: too many open files, ${syscall} '/etc/hosts'\n`,
        ]);
      }
    }
  });

  it('stops at the first signal while clients hold their connections: half a mail, a stream that answers nothing, an answer that hangs', async () => {
    const { child, url, smtp } = await start();
    await fetch(`${url}/sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ where: { rest: 'GET /v2/clock' }, what: { kind: 'hang' } }),
    });
    const sockets = [
      await hold(smtp, ''),
      await hold(smtp, 'HELO x\r\nMAIL FROM:<a@example.com>\r\n'),
      await hold(url, UPGRADE),
    ];
    const hanging = fetch(`${url}/v2/clock`).then(
      () => 'answered',
      () => 'broken',
    );
    while (
      !((await (await fetch(`${url}/sim/ledger`)).json()) as { kind: string }[]).some(
        ({ kind }) => kind === 'fault',
      )
    )
      await new Promise((resolve) => setImmediate(resolve));
    const asked_at = performance.now();
    child.kill('SIGTERM');
    expect((await outcome(child)).code).toBe(0);
    // the mail server's library would wait for its clients for 30 s
    expect(performance.now() - asked_at).toBeLessThan(25_000);
    expect(await hanging).toBe('broken');
    for (const socket of sockets) socket.destroy();
  });

  it('ends at once where a second signal comes before its streams have ended', async () => {
    const { child, url } = await start();
    const stream = await hold(url, UPGRADE);
    // a process that stands still finds both when it goes on
    for (const signal of ['SIGSTOP', 'SIGTERM', 'SIGINT', 'SIGCONT'] as const) child.kill(signal);
    expect((await outcome(child)).code).toBe(1);
    stream.destroy();
  });

  it('does not run on after an error of its own: it says so and ends with code 1', async () => {
    const breakTicks =
      "const every = setInterval; globalThis.setInterval = (tick, ms) => every(() => { throw new Error('a broken minute'); }, ms);";
    const child = run(['--clock', 'real', '--json'], {
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(breakTicks)}`,
    });
    const { code, errors } = await outcome(child);
    expect(code).toBe(1);
    expect(errors).toContain('Error: a broken minute');
    expect(errors).toContain(
      'the simulator stopped at 2026-03-24T13:25:00.000Z of the simulated day because of the error above',
    );
  });
});
