import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { formatLine, lineNow, type Line } from '@catalyst/domain';
import { eventually } from '@catalyst/testkit';
import { WebSocket } from 'ws';
import type { SimulatorFacts } from '../src/index.ts';
import { nextWake } from '../src/clock/next-wake.ts';
import { createRunningClock, type WallTimer } from '../src/clock/run-clock.ts';
import { createSimulation } from '../src/simulation.ts';
import { openAccount, type OpenAccount } from './open-account.ts';
import { at, quietDay } from './small-day.ts';

const wall = (): number => performance.timeOrigin + performance.now();
/** A line that is at a New York time of the day now. */
const lineAt = (clock: string, f = 1): Line => ({ w0: wall(), s0: Date.parse(at(clock)), f });
const minutes = (...clocks: string[]): number[] => clocks.map((clock) => Date.parse(at(clock)));

let account: OpenAccount | null = null;
const children: ChildProcess[] = [];
afterEach(async () => {
  await account?.close();
  account = null;
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const openLine = async (line: Line): Promise<OpenAccount> => {
  account = await openAccount(quietDay([]), {
    at: '09:59',
    clock: 'line',
    line,
    fills: 'next_bar',
  });
  return account;
};

describe('a clock on a line', () => {
  const onHand = (begin: string, first: Line) => {
    let now = 0;
    let tick = (): void => undefined;
    const timer: WallTimer = {
      now: () => now,
      every: (_ms, call) => {
        tick = call;
        return () => undefined;
      },
    };
    const simulation = createSimulation({
      day: quietDay([]),
      at: begin,
      accounts: 1,
      cash: '100000',
      exchange: { volume_share: 0.1, stream_oco_cancels: true },
    });
    const told: number[] = [];
    simulation.onClock((instant) => told.push(instant));
    const clock = createRunningClock(simulation, undefined, timer);
    clock.start(first);
    return { simulation, clock, told, pass: (ms: number) => ((now += ms), tick()) };
  };
  const s0 = Date.parse(at('10:00'));

  it('goes through every minute between two lines before it goes on along the other', () => {
    const { clock, told, pass } = onHand('10:00', { w0: 0, s0, f: 1 });
    pass(1_500);
    clock.follow({ w0: 1_500, s0: s0 + 3 * 60_000 + 250, f: 1 });
    pass(1_000);
    expect(told).toEqual([
      s0 + 1_500,
      ...minutes('10:01', '10:02', '10:03'),
      s0 + 180_250,
      s0 + 181_250,
    ]);
  });

  it('refuses a line that leads back, and goes on along its own', () => {
    const { clock, simulation, pass } = onHand('10:00', { w0: 0, s0, f: 1 });
    pass(60_000);
    expect(() => clock.follow({ w0: 0, s0: s0 - 2_000, f: 1 })).toThrow(
      'the clock does not go back: expected a line that is at 2026-03-10T14:01:00.000Z or later now, was 2000 ms earlier',
    );
    pass(1_000);
    expect(simulation.now()).toBe(s0 + 61_000);
  });

  it('takes its own line in other numbers', () => {
    const first = { w0: 0.3, s0, f: 20 };
    const { clock, pass } = onHand('10:00', first);
    pass(1_234.567);
    expect(() =>
      clock.follow({ w0: 1_234.567, s0: lineNow(first, 1_234.567), f: 20 }),
    ).not.toThrow();
  });

  it('waits where it stands for a line that is earlier, and stands still when the fees of the day are booked', () => {
    const early = onHand('10:00', { w0: 0, s0: s0 - 10_000, f: 1 });
    early.pass(9_000);
    expect(early.simulation.now()).toBe(s0);
    early.pass(2_000);
    expect(early.simulation.now()).toBe(s0 + 1_000);
    early.clock.follow({ w0: 0, s0: s0 + 86_400_000, f: 1 });
    expect(early.simulation.now()).toBe(Date.parse(at('20:15')));
  });
});

describe('a running simulator', () => {
  // A thousand simulated seconds a second: a tick of 10 ms would be ten seconds late.
  it('moves its clock before it answers a request and before it looks at a frame', async () => {
    const line = lineAt('10:00', 1_000);
    const { request, simulator } = await openLine(line);
    for (let asked = 0; asked < 20; asked += 1) {
      const before = Math.floor(lineNow(line, wall()));
      const { body } = await request('GET', '/sim/status');
      expect(Date.parse(body.now)).toBeGreaterThanOrEqual(before);
    }
    const socket = new WebSocket(simulator.stream_url);
    await once(socket, 'open');
    for (let sent = 0; sent < 5; sent += 1) {
      const before = Math.floor(lineNow(line, wall()));
      socket.send(JSON.stringify({ action: 'listen', data: { streams: [] } }));
      await once(socket, 'message');
      const { ledger } = simulator.simulation;
      const frame = ledger.after(0).findLast(({ kind }) => kind === 'frame');
      expect(Date.parse(frame?.at ?? '')).toBeGreaterThanOrEqual(before);
    }
    socket.terminate();
  });

  it('has done all that lies on the way when it acknowledges another line', async () => {
    const { request, place } = await openLine(lineAt('10:00'));
    const { id } = (await place({})).body;
    const { status, body } = await request('POST', '/sim/clock', lineAt('10:05'));
    expect([status, body.now.slice(0, 16)]).toEqual([200, '2026-03-10T14:05']);
    expect((await request('GET', `/v2/orders/${id}`)).body).toMatchObject({
      status: 'filled',
      filled_at: expect.stringMatching(/^2026-03-10T14:02:00/),
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['a part of a line', { w0: 1, s0: 2 }, /^expected {"w0": .*, was {"w0":1,"s0":2}$/],
    ['a line that stands still', { w0: 1, s0: 2, f: 0 }, /^expected {"w0": /],
    ['a word', 'soon', /^expected {"w0": .*, was "soon"$/],
    ['a line that leads back', lineAt('09:30'), /^the clock does not go back: /],
  ])('refuses %s in one sentence', async (_name, body, sentence) => {
    const { request } = await openLine(lineAt('10:00'));
    const answer = await request('POST', '/sim/clock', body);
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringMatching(sentence)]);
  });

  it('has no line where it was started without one', async () => {
    account = await openAccount(quietDay([]), { at: '10:00' });
    expect(() => account!.simulator.follow(lineAt('10:05'))).toThrow(
      'the clock is stepped; only one of kind line follows a line',
    );
    expect(await account.request('POST', '/sim/clock', lineAt('10:05'))).toMatchObject({
      status: 409,
      body: {
        message: 'the clock is stepped; only one started with --clock line follows a line',
      },
    });
  });
});

describe('the next wake', () => {
  const [ten, half] = [Date.parse(at('10:00')), Date.parse(at('10:00')) + 30_000];
  const standing = () => {
    const simulation = createSimulation({
      day: quietDay([]),
      at: '10:00',
      accounts: 2,
      cash: '100000',
      exchange: { volume_share: 0.1, stream_oco_cancels: true, latency_ms: 500 },
    });
    simulation.stepTo(half);
    return simulation;
  };

  it('is the end of the minute while an order is alive, and an earlier instant at which a cancel or a replacement arrives', () => {
    const simulation = standing();
    const account = simulation.accounts[1]!;
    const place = () => {
      const order = simulation.exchange.submit(account, {
        symbol: 'ACME',
        qty: '1',
        side: 'buy',
        type: 'limit',
        limit_price: '90',
        time_in_force: 'day',
      });
      if (!order.ok) throw new Error(order.refusal.body.message);
      return order.value.id;
    };
    expect(nextWake(simulation, [])).toBeNull();
    const first = place();
    expect(nextWake(simulation, [])).toBe(ten + 60_000);
    simulation.exchange.replace(account, first, { limit_price: '91' });
    expect(nextWake(simulation, [])).toBe(half + 500);
    simulation.stepTo(half + 700);
    expect(nextWake(simulation, [])).toBe(ten + 60_000);
    simulation.exchange.cancelAll(account);
    expect(nextWake(simulation, [])).toBe(half + 1_200);
    simulation.stepTo(half + 1_200);
    expect(nextWake(simulation, [])).toBeNull();
  });

  it('is when the first late frame leaves, where one has an instant to leave at', () => {
    const frames = [half - 1, half + 5_000, half + 2_000, Number.POSITIVE_INFINITY];
    expect(nextWake(standing(), frames)).toBe(half + 2_000);
    expect(nextWake(standing(), [Number.POSITIVE_INFINITY])).toBeNull();
  });
});

describe('the holder of the line', () => {
  const ten = Date.parse('2026-03-24T14:00:00Z');
  const start = async () => {
    const line = formatLine({ w0: wall(), s0: ten, f: 1 });
    const child = fork(
      fileURLToPath(new URL('../src/main.ts', import.meta.url)),
      ['--json', '--at', '09:59', '--clock', 'line', '--line', line],
      {
        env: { ...process.env, SIM_KEY_ID: 'KEY', SIM_SECRET_KEY: 'SECRET' },
        execArgv: [],
        silent: true,
      },
    );
    children.push(child);
    const heard: unknown[] = [];
    child.on('message', (message) => heard.push(message));
    const [text] = (await once(createInterface(child.stdout!), 'line')) as [string];
    return { child, heard, facts: JSON.parse(text) as SimulatorFacts };
  };

  it('hears when work is at hand, when none is and until when, and what becomes of each line', async () => {
    const { child, heard, facts } = await start();
    await eventually(() => expect(heard).toEqual([{ idle_until: null }]));
    const answer = await fetch(`${facts.url}/v2/orders`, {
      method: 'POST',
      headers: { 'APCA-API-KEY-ID': 'KEY', 'APCA-API-SECRET-KEY': 'SECRET' },
      body: JSON.stringify({
        symbol: 'ORRI',
        qty: '1',
        side: 'buy',
        type: 'limit',
        limit_price: '1.00',
        time_in_force: 'day',
      }),
    });
    expect(answer.status).toBe(200);
    await eventually(() =>
      expect(heard.slice(1)).toEqual([{ busy: true }, { idle_until: ten + 60_000 }]),
    );
    child.send({ line: { w0: wall(), s0: ten + 5 * 60_000, f: 1 }, id: 7 });
    await eventually(() =>
      expect(heard.slice(3)).toEqual([{ idle_until: ten + 6 * 60_000 }, { ack: 7 }]),
    );
    child.send({ line: { w0: wall(), s0: ten, f: 1 }, id: 8 });
    await eventually(() =>
      expect(heard.at(-1)).toEqual({
        refused: expect.stringMatching(/^the clock does not go back/),
        id: 8,
      }),
    );
    child.send({ line: 'soon', id: 9 });
    await eventually(() =>
      expect(heard.at(-1)).toEqual({ refused: expect.stringMatching(/^expected /), id: 9 }),
    );
    child.send({ id: 10 });
    await eventually(() => expect(heard.at(-1)).toEqual({ ack: 10 }));
  });
});
