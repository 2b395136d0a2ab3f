import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '@catalyst/service-kit';
import { addFaults, endFaults, untilFired, type BrokerFault } from './broker-faults.ts';
import type { HaltCase } from './halts.ts';
import type { Blow } from './blows.ts';
import { LARGE, SMALL } from './drill-day.ts';
import type { DrillDesk } from './drill-desk.ts';
import { entriesTaken } from './judge.ts';
import type { Point } from './points.ts';
import { finish, hold, lastSeq, type CaseResult } from './settle.ts';

const REACHED_WITHIN_MS = 30_000;

const HALT_WITHIN_S = 2;
const HALTED_FOR_MS = 90_000;

/** The act that a case disturbs: an entry that is proposed, or the close of what is held. */
const prepare = async (
  desk: DrillDesk,
  { half, own_exit }: Pick<Point, 'half' | 'own_exit'>,
  size = SMALL,
): Promise<{ symbol: string; act: () => Promise<{ state: string; outcome: string | null }> }> => {
  if (half === 'entry') {
    const { symbol, proposal_id } = await desk.propose(size);
    return { symbol, act: () => desk.execute(proposal_id) };
  }
  const symbol = await hold(desk);
  return {
    symbol,
    act: async () => {
      await (own_exit === undefined ? desk.leave(symbol) : desk.leaveBy(symbol, own_exit));
      return { state: 'executed', outcome: null };
    },
  };
};

/** What an act came to; a failure is an answer too. */
const answerOf = (act: Promise<{ state: string; outcome: string | null }>) =>
  act.catch((error: unknown) => ({ state: 'failed', outcome: messageOf(error) }));

const isReached = async (reached: Promise<void>): Promise<boolean> => {
  const timer = new AbortController();
  const came = await Promise.race([
    reached.then(() => true),
    pause(REACHED_WITHIN_MS, false, { signal: timer.signal }).catch(() => false),
  ]);
  timer.abort();
  return came;
};

/** Breaks the desk at one point of a trade of its own. */
export const runBlow = async (desk: DrillDesk, point: Point, blow: Blow): Promise<CaseResult> => {
  const faults: string[] = [];
  const seq = await lastSeq(desk);
  const { symbol, act } = await prepare(desk, point, point.is_large ? LARGE : SMALL);
  const gate = await point.arm(desk.gates);
  const acted = answerOf(act());
  const came = await isReached(gate.reached);
  const hit_at = desk.now();
  if (came) {
    const mend = await blow.strike(desk);
    gate.release(blow.hits_trading && point.fate !== undefined ? point.fate : 'pass');
    await mend?.();
    await acted; // what it says is nobody's proof: the broker's ledger is
  } else {
    gate.release();
    const { state, outcome } = await acted;
    faults.push(`the point was not reached: ${state} ${outcome ?? ''}`);
  }
  const title = { name: `${blow.name}@${point.name}`, says: `${blow.says}, when ${point.says}` };
  const result = await finish(
    desk,
    title,
    { seq, symbols: [symbol], hit_at },
    // only what trading itself was away for excuses shares without a stop
    blow.hits_trading ? [{ from: hit_at, to: Infinity }] : [],
    faults,
  );
  return { ...result, is_reached: came };
};

/** Lets the broker misbehave once while a trade is opened, held or closed. */
export const runBrokerFault = async (desk: DrillDesk, fault: BrokerFault): Promise<CaseResult> => {
  const faults: string[] = [];
  const seq = await lastSeq(desk);
  const { symbol, act } =
    fault.half === 'held'
      ? { symbol: await hold(desk), act: null }
      : await prepare(desk, { half: fault.half });
  await addFaults(desk, fault.faults, symbol);
  const hit_at = desk.now();
  await fault.act?.(desk, symbol);
  if (act !== null) {
    const { state, outcome } = await answerOf(act());
    if (state !== 'executed' && !fault.may_refuse)
      faults.push(`the ${fault.half} was ${state}: ${outcome}`);
  }
  const result = await finish(desk, fault, { seq, symbols: [symbol], hit_at }, [], faults);
  if (fault.faults.length === 0 || (await endFaults(desk))) return result;
  result.faults.push('the fault did not fire');
  return { ...result, is_reached: false };
};

const isCancelAsked = async (desk: DrillDesk, after: number): Promise<boolean> =>
  (await desk.ledger()).some(
    ({ seq, kind, method, url }) =>
      seq > after &&
      kind === 'request' &&
      method === 'DELETE' &&
      String(url).startsWith('/v2/orders/'),
  );

/** Halts the desk while an entry is under way: none may reach the broker afterwards. */
export const runHalt = async (desk: DrillDesk, halt: HaltCase): Promise<CaseResult> => {
  const faults: string[] = [];
  const { symbol, act } = await prepare(desk, { half: 'entry' });
  await addFaults(desk, halt.faults, symbol);
  const gate = halt.point && (await halt.point.arm(desk.gates));
  const before = await lastSeq(desk);
  const acted = answerOf(act());
  if (!(await isReached(gate ? gate.reached : untilFired(desk))))
    faults.push('the point was not reached');
  const hit_at = desk.now();
  const asked_at = performance.now();
  await desk.halt();
  const answered_s = (performance.now() - asked_at) / 1000;
  if (answered_s > HALT_WITHIN_S)
    faults.push(`the halt was answered after ${answered_s.toFixed(1)} s, 2 are allowed`);
  const seq = await lastSeq(desk);
  gate?.release();
  await acted;
  await desk.pass(HALTED_FOR_MS);
  const entries = entriesTaken(await desk.ledger(), symbol, seq);
  if (entries > 0) faults.push(`the broker took an entry of ${symbol} from a halted desk`);
  if (halt.is_cancelled_late && !(await isCancelAsked(desk, before)))
    faults.push('the halt asked for no cancel of what was filled');
  await endFaults(desk);
  const result = await finish(desk, halt, { seq: before, symbols: [symbol], hit_at }, [], faults);
  await desk.resume();
  // a halt recovers by a person's word, not by itself
  return { ...result, recovery_s: null, entries_while_stopped: entries };
};
