import { setTimeout as pause } from 'node:timers/promises';
import { addFaults, endFaults, type BrokerFault } from './broker-faults.ts';
import type { HaltCase } from './halts.ts';
import type { Blow } from './blows.ts';
import { LARGE, SMALL, type DrillDesk } from './drill-desk.ts';
import { entriesTaken, judge, readBook, unsettled, type Outage } from './judge.ts';
import type { Point } from './points.ts';

const REACHED_WITHIN_MS = 30_000;
const RECOVERED_WITHIN_MS = 60_000;
const FLAT_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 100;
const GO_ON_MS = 5000;

const HALT_WITHIN_S = 2;
const HALTED_FOR_MS = 90_000;

/** What became of one case. */
export interface CaseResult {
  name: string;
  says: string;
  /** From the blow until book and broker agree, all is protected and every service is ready. */
  recovery_s: number | null;
  lost: number;
  doubled: number;
  naked: number;
  limit_breaches: number;
  entries_while_stopped: number;
  /** What went wrong, in words; empty where the case passed. */
  faults: string[];
}

const describe = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Waits until the desk is whole and at rest; the differences that remained where it did not. */
const untilSettled = async (desk: DrillDesk): Promise<string[]> => {
  const give_up_at = performance.now() + RECOVERED_WITHIN_MS;
  for (;;) {
    let left: string[];
    try {
      left = (await desk.allReady())
        ? unsettled(await readBook(desk.database), await desk.view())
        : ['a service is not ready'];
    } catch (error) {
      left = [describe(error)]; // the database is on its way back
    }
    if (left.length === 0 || performance.now() > give_up_at) return left;
    await pause(LOOK_EVERY_MS);
  }
};

/** Lets the market sell what is on its way out, and the desk book it. */
const untilFlat = async (desk: DrillDesk, symbol: string): Promise<string[]> => {
  const give_up_at = performance.now() + FLAT_WITHIN_MS;
  for (;;) {
    const left = await untilSettled(desk);
    if (left.length > 0) return left;
    const { held } = await readBook(desk.database);
    const here = held.find((one) => one.symbol === symbol);
    if (here === undefined) return [];
    if (performance.now() > give_up_at)
      return [`${symbol} is ${here.status} with ${here.qty} shares`];
    await desk.pass(GO_ON_MS);
  }
};

/** The end of a case: leave what was entered, be flat, and let the ledger be judged. */
const finish = async (
  desk: DrillDesk,
  { name, says }: { name: string; says: string },
  begun: { seq: number; symbol: string; hit_at: number },
  outages: Outage[],
  faults: string[],
): Promise<CaseResult> => {
  const left = await untilSettled(desk);
  const recovered_at = desk.now();
  if (left.length > 0)
    faults.push(`not recovered after ${RECOVERED_WITHIN_MS / 1000} s: ${left.join('; ')}`);
  for (const outage of outages) if (outage.to === Infinity) outage.to = recovered_at;
  await desk
    .leave(begun.symbol)
    .catch((error: unknown) => faults.push(`the close failed: ${describe(error)}`));
  const open = await untilFlat(desk, begun.symbol);
  if (open.length > 0) faults.push(`not flat after the close: ${open.join('; ')}`);
  const ledger = await desk.ledger();
  const verdict = judge(ledger, begun.seq, outages);
  const entries = entriesTaken(ledger, begun.symbol, begun.seq);
  if (entries > 1) verdict.doubled.push(`the broker took ${entries} entries of ${begun.symbol}`);
  faults.push(...Object.values(verdict).flat());
  return {
    name,
    says,
    recovery_s: left.length > 0 ? null : Math.round((recovered_at - begun.hit_at) / 10) / 100,
    lost: verdict.lost.length,
    doubled: verdict.doubled.length,
    naked: verdict.naked.length,
    limit_breaches: verdict.limits.length,
    entries_while_stopped: 0,
    faults,
  };
};

const lastSeq = async (desk: DrillDesk): Promise<number> => (await desk.ledger()).at(-1)?.seq ?? 0;

/** Enters and waits until the shares are there and protected. */
const hold = async (desk: DrillDesk): Promise<string> => {
  const { symbol, proposal_id } = await desk.propose(SMALL);
  const { state, outcome } = await desk.execute(proposal_id);
  if (state !== 'executed') throw new Error(`the trade to begin with was ${state}: ${outcome}`);
  const left = await untilSettled(desk);
  if (left.length > 0)
    throw new Error(`the trade to begin with did not settle: ${left.join('; ')}`);
  return symbol;
};

/** The act that a case disturbs: an entry that is proposed, or the close of what is held. */
const prepare = async (
  desk: DrillDesk,
  half: 'entry' | 'exit',
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
      await desk.leave(symbol);
      return { state: 'executed', outcome: null };
    },
  };
};

/** What an act came to; a failure is an answer too. */
const answerOf = (act: Promise<{ state: string; outcome: string | null }>) =>
  act.catch((error: unknown) => ({ state: 'failed', outcome: describe(error) }));

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
  const { symbol, act } = await prepare(desk, point.half, point.is_large ? LARGE : SMALL);
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
  return finish(desk, title, { seq, symbol, hit_at }, [{ from: hit_at, to: Infinity }], faults);
};

/** Lets the broker misbehave once while a trade is opened, held or closed. */
export const runBrokerFault = async (desk: DrillDesk, fault: BrokerFault): Promise<CaseResult> => {
  const faults: string[] = [];
  const seq = await lastSeq(desk);
  const { symbol, act } =
    fault.half === 'held'
      ? { symbol: await hold(desk), act: null }
      : await prepare(desk, fault.half);
  await addFaults(desk, fault.faults, symbol);
  const hit_at = desk.now();
  await fault.act?.(desk, symbol);
  if (act !== null) {
    const { state, outcome } = await answerOf(act());
    if (state !== 'executed' && !fault.may_refuse)
      faults.push(`the ${fault.half} was ${state}: ${outcome}`);
  }
  const result = await finish(desk, fault, { seq, symbol, hit_at }, [], faults);
  if (fault.faults.length > 0 && !(await endFaults(desk)))
    result.faults.push('the fault did not fire');
  return result;
};

/** Halts the desk while an entry is under way: none may reach the broker afterwards. */
export const runHalt = async (desk: DrillDesk, halt: HaltCase): Promise<CaseResult> => {
  const faults: string[] = [];
  const { symbol, act } = await prepare(desk, 'entry');
  await addFaults(desk, halt.faults, symbol);
  const gate = halt.point && (await halt.point.arm(desk.gates));
  const before = await lastSeq(desk);
  const acted = answerOf(act());
  if (gate && !(await isReached(gate.reached))) faults.push('the point was not reached');
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
  await endFaults(desk);
  const result = await finish(desk, halt, { seq: before, symbol, hit_at }, [], faults);
  await desk.resume();
  // a halt recovers by a person's word, not by itself
  return { ...result, recovery_s: null, entries_while_stopped: entries };
};
