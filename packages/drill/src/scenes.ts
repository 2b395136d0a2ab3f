import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '@catalyst/service-kit';
import { addFaults, cancelAtBroker, endFaults, WITH_A_MINUTE_MS } from './broker-faults.ts';
import type { LedgerRow } from '@catalyst/platform';
import { SMALL } from './drill-day.ts';
import type { DrillDesk } from './drill-desk.ts';
import { readBook } from './judge.ts';
import { databaseDead } from './dead-database.ts';
import { flattenDirect } from './flatten-direct.ts';
import { fullDisk } from './full-disk.ts';
import { killedSupervisor } from './killed-supervisor.ts';
import type { Scene } from './scene.ts';
import { twoCopies } from './second-copies.ts';
import { finish, hold, lastSeq } from './settle.ts';

const HELD = 5;
/** What a flatten of five may take from a person's word on, at this broker's latency. */
const FLAT_WITHIN_S = 3;
const RESTRICTED_FOR_MS = 20_000;
/** The account is read each five seconds where something is held, and with each minute of a session. */
const FREE_WITHIN_MS = 65_000;
const LOOKS_EACH_MS = 5000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** A breaker that is open asks once in a minute. */
const TRADABLE_WITHIN_MINUTES = 2;
/** A trial a minute of each process, and what a watched position reads through an open breaker. */
const ASKED_IN_A_MINUTE = 30;
const HALTED_FOR_MS = 30_000;
const HALF_HOUR_MS = 1_800_000;

const holdFive = async (desk: DrillDesk): Promise<string[]> => {
  const symbols: string[] = [];
  while (symbols.length < HELD) symbols.push(await hold(desk));
  return symbols;
};

/** Seconds until nothing but these is held at the broker; null where that takes too long. */
const secondsUntilLeft = async (
  desk: DrillDesk,
  left: readonly string[],
  within_s: number,
): Promise<number | null> => {
  const begun = performance.now();
  for (;;) {
    const { positions } = await desk.view();
    const seconds = (performance.now() - begun) / 1000;
    if ([...positions.keys()].every((symbol) => left.includes(symbol))) return seconds;
    if (seconds > within_s) return null;
    await pause(20);
  }
};

/** The flatten of a person, in its two steps; what it answers is nobody's proof. */
const flatten = (desk: DrillDesk): Promise<unknown> =>
  desk.flatten().catch((error: unknown) => messageOf(error));

const oneStuck: Scene = {
  name: 'flatten_with_one_stuck',
  says: 'the cancels of one stock of five are never confirmed while the desk flattens',
  is_quick: true,
  run: async (desk) => {
    const faults: string[] = [];
    const seq = await lastSeq(desk);
    const symbols = await holdFive(desk);
    const stuck = symbols[0]!;
    const legs = (await desk.view()).orders.filter(({ symbol }) => symbol === stuck);
    await addFaults(
      desk,
      legs.map(({ id }) => ({
        where: { rest: `DELETE /v2/orders/${id}` },
        what: { kind: 'status', status: 504 },
      })),
      stuck,
    );
    const hit_at = desk.now();
    const answered = flatten(desk);
    const seconds = await secondsUntilLeft(desk, [stuck], 15);
    if (seconds === null || seconds > FLAT_WITHIN_S)
      faults.push(
        `the four that were well were flat after ${seconds === null ? 'more than 15' : seconds.toFixed(1)} s, ${FLAT_WITHIN_S} are allowed`,
      );
    await answered;
    await endFaults(desk);
    if ((await secondsUntilLeft(desk, [], 15)) === null)
      faults.push(`${stuck} was not sold within 15 s after its cancels were answered again`);
    const result = await finish(desk, oneStuck, { seq, symbols, hit_at }, [], faults);
    await desk.resume();
    return result;
  },
};

const flattenFive: Scene = {
  name: 'flatten_five',
  says: 'a person flattens five positions',
  run: async (desk) => {
    const faults: string[] = [];
    const seq = await lastSeq(desk);
    const symbols = await holdFive(desk);
    const hit_at = desk.now();
    const answered = flatten(desk);
    const seconds = await secondsUntilLeft(desk, [], 15);
    if (seconds === null || seconds > FLAT_WITHIN_S)
      faults.push(
        `flat after ${seconds === null ? 'more than 15' : seconds.toFixed(1)} s, ${FLAT_WITHIN_S} are allowed`,
      );
    await answered;
    const result = await finish(desk, flattenFive, { seq, symbols, hit_at }, [], faults);
    await desk.resume();
    return result;
  },
};

/** Waits until the desk knows that its account may trade; what is wrong where it does not. */
const untilKnownFree = async (desk: DrillDesk): Promise<string[]> => {
  const give_up_at = desk.now() + FREE_WITHIN_MS;
  for (;;) {
    const [account] = await desk.database.query<{ blocked_reason: string | null }>(
      'SELECT blocked_reason FROM account_snapshots ORDER BY read_at DESC LIMIT 1',
    );
    if (!account?.blocked_reason) return [];
    if (desk.now() > give_up_at)
      return [`the desk still says "${account.blocked_reason}" of an account that may trade`];
    await desk.pass(LOOKS_EACH_MS);
  }
};

const restricted: Scene = {
  name: 'account_restricted',
  says: 'the broker blocks the account while a person closes',
  is_quick: true,
  run: async (desk) => {
    const faults: string[] = [];
    const seq = await lastSeq(desk);
    const symbol = await hold(desk);
    const { lift } = desk.broker.restrict();
    const hit_at = desk.now();
    const closing = desk.leave(symbol).catch((error: unknown) => messageOf(error));
    await pause(RESTRICTED_FOR_MS);
    lift();
    await closing;
    faults.push(...(await untilKnownFree(desk)));
    return finish(desk, restricted, { seq, symbols: [symbol], hit_at }, [], faults);
  },
};

/** Minutes of the market in which a vendor that is away was asked more often than it bears, in words. */
const hammered = (ledger: readonly LedgerRow[], after: number): string[] => {
  const times = new Map<string, number>();
  for (const { seq, kind, url, at } of ledger) {
    if (seq <= after || kind !== 'request' || !String(url).startsWith('/v2/stocks')) continue;
    const minute = String(at).slice(0, 16);
    times.set(minute, (times.get(minute) ?? 0) + 1);
  }
  const most = Math.max(...times.values());
  return most > ASKED_IN_A_MINUTE
    ? [`market data that was away was asked ${most} times in a minute`]
    : [];
};

/** Whether a person can trade again once the vendor answers; what is wrong where not. */
const untilTradable = async (desk: DrillDesk): Promise<string[]> => {
  for (let minutes = 0; ; minutes += 1) {
    try {
      await desk.propose(SMALL);
      return [];
    } catch (error) {
      if (minutes === TRADABLE_WITHIN_MINUTES) return [`still no trade: ${messageOf(error)}`];
      await desk.pass(MINUTE_MS);
    }
  }
};

const dataAway: Scene = {
  name: 'market_data_away_for_an_hour',
  says: 'market data answers 503 for an hour, and in the middle of it the stop of what is held is cancelled',
  run: async (desk) => {
    const faults: string[] = [];
    const seq = await lastSeq(desk);
    const symbol = await hold(desk);
    await addFaults(
      desk,
      [{ where: { rest: 'GET /v2/stocks/**' }, what: { kind: 'status', status: 503 } }],
      symbol,
    );
    await desk.pass(HALF_HOUR_MS);
    const hit_at = desk.now();
    await cancelAtBroker(desk, symbol, ({ type }) => type === 'stop');
    await desk.pass(HOUR_MS - HALF_HOUR_MS);
    const { held } = await readBook(desk.database);
    if (held.some((one) => one.symbol === symbol && !one.is_protected))
      faults.push(`${symbol} was still unprotected half an hour later`);
    faults.push(...hammered(await desk.ledger(), seq));
    await endFaults(desk);
    faults.push(...(await untilTradable(desk)));
    const result = await finish(desk, dataAway, { seq, symbols: [symbol], hit_at }, [], faults);
    return { ...result, recovery_s: null };
  },
};

/** A halt of the stock takes no market order: the exit waits under its stop until it is over. */
const exitInAHalt: Scene = {
  name: 'exit_in_a_halt',
  says: 'the exchange halts the stock for half a minute while a person closes',
  run: async (desk) => {
    const faults: string[] = [];
    const seq = await lastSeq(desk);
    const symbol = await hold(desk);
    await addFaults(desk, [{ where: { market: 'SYMBOL' }, what: { kind: 'halt' } }], symbol);
    await desk.pass(WITH_A_MINUTE_MS);
    const hit_at = desk.now();
    await desk.leave(symbol).catch((error: unknown) => messageOf(error));
    await desk.pass(HALTED_FOR_MS);
    const { orders, positions } = await desk.view();
    if (positions.has(symbol) && !orders.some((order) => order.symbol === symbol))
      faults.push(`${symbol} has neither a stop nor an exit in the halt`);
    if (!(await endFaults(desk))) faults.push('the stock was not halted');
    const result = await finish(desk, exitInAHalt, { seq, symbols: [symbol], hit_at }, [], faults);
    return { ...result, recovery_s: null };
  },
};

export const scenes: readonly Scene[] = [
  oneStuck,
  flattenFive,
  restricted,
  dataAway,
  exitInAHalt,
  databaseDead,
  twoCopies('trading'),
  twoCopies('workflow'),
  fullDisk,
  flattenDirect,
  killedSupervisor,
];
