import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '@catalyst/service-kit';
import { SMALL } from './drill-day.ts';
import type { DrillDesk } from './drill-desk.ts';
import { entriesTaken, judge, readBook, unsettled, type Outage } from './judge.ts';

const RECOVERED_WITHIN_MS = 60_000;
const FLAT_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 100;
const GO_ON_MS = 5000;
/** The market may have no trade at the limit of an entry before that is over, after five minutes. */
const HOLD_TRIES = 5;
const MARKET_MS = 30_000;

/** What became of one case. */
export interface CaseResult {
  name: string;
  says: string;
  /** Whether the act came to the moment at which it was to be hit. */
  is_reached: boolean;
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

/** Waits until the desk is whole and at rest; the differences that remained where it did not. */
export const untilSettled = async (desk: DrillDesk): Promise<string[]> => {
  const give_up_at = performance.now() + RECOVERED_WITHIN_MS;
  for (;;) {
    let left: string[];
    try {
      left = (await desk.allReady())
        ? unsettled(await readBook(desk.database), await desk.view())
        : ['a service is not ready'];
    } catch (error) {
      left = [messageOf(error)]; // the database is on its way back
    }
    if (left.length === 0 || performance.now() > give_up_at) return left;
    await pause(LOOK_EVERY_MS);
  }
};

/** Lets the market sell what is on its way out, and the desk book it. */
export const untilFlat = async (desk: DrillDesk, symbols: readonly string[]): Promise<string[]> => {
  const give_up_at = performance.now() + FLAT_WITHIN_MS;
  for (;;) {
    const left = await untilSettled(desk);
    if (left.length > 0) return left;
    const { held } = await readBook(desk.database);
    const here = held.filter(({ symbol }) => symbols.includes(symbol));
    if (here.length === 0) return [];
    if (performance.now() > give_up_at)
      return here.map(({ symbol, status, qty }) => `${symbol} is ${status} with ${qty} shares`);
    await desk.pass(GO_ON_MS);
  }
};

/** When every service answers again; now where that takes too long, which the rest of the case tells. */
export const untilReady = async (desk: DrillDesk): Promise<number> => {
  const give_up_at = performance.now() + RECOVERED_WITHIN_MS;
  while (!(await desk.allReady()) && performance.now() < give_up_at) await pause(LOOK_EVERY_MS);
  return desk.now();
};

/** Where a row of the book is not what its history comes to, however often it was broken off. */
const unlikeHistory = async ({ trading }: DrillDesk): Promise<string[]> => {
  try {
    const { differences } = await trading.rebuildBook({});
    return differences.map(
      ({ of, id, field, row, rebuilt }) =>
        `${of} ${id}: ${field} is ${row}, its history comes to: ${rebuilt}`,
    );
  } catch (error) {
    return [`the book was not made again from its history: ${messageOf(error)}`];
  }
};

/**
 * The end of a case: leave what was entered, be flat, and let the ledger be judged. An outage
 * without an end lasts until every service answers.
 */
export const finish = async (
  desk: DrillDesk,
  { name, says }: { name: string; says: string },
  begun: { seq: number; symbols: string[]; hit_at: number },
  outages: Outage[],
  faults: string[],
): Promise<CaseResult> => {
  const ready_at = await untilReady(desk);
  for (const outage of outages) if (outage.to === Infinity) outage.to = ready_at;
  const left = await untilSettled(desk);
  const recovered_at = desk.now();
  if (left.length > 0)
    faults.push(`not recovered after ${RECOVERED_WITHIN_MS / 1000} s: ${left.join('; ')}`);
  for (const symbol of begun.symbols)
    await desk
      .leave(symbol)
      .catch((error: unknown) => faults.push(`the close failed: ${messageOf(error)}`));
  const open = await untilFlat(desk, begun.symbols);
  if (open.length > 0) faults.push(`not flat after the close: ${open.join('; ')}`);
  const ledger = await desk.ledger();
  const verdict = judge(ledger, begun.seq, outages);
  for (const symbol of begun.symbols) {
    const entries = entriesTaken(ledger, symbol, begun.seq);
    if (entries > 1) verdict.doubled.push(`the broker took ${entries} entries of ${symbol}`);
  }
  faults.push(...Object.values(verdict).flat(), ...(await unlikeHistory(desk)));
  return {
    name,
    says,
    is_reached: true,
    recovery_s: left.length > 0 ? null : Math.round((recovered_at - begun.hit_at) / 10) / 100,
    lost: verdict.lost.length,
    doubled: verdict.doubled.length,
    naked: verdict.naked.length,
    limit_breaches: verdict.limits.length,
    entries_while_stopped: 0,
    faults,
  };
};

export const lastSeq = async (desk: DrillDesk): Promise<number> =>
  (await desk.ledger()).at(-1)?.seq ?? 0;

/** Waits until the shares of an entry are there and protected; false where it ended without any. */
const isFilled = async (desk: DrillDesk, symbol: string): Promise<boolean> => {
  for (;;) {
    const left = await untilSettled(desk);
    if (left.length > 0)
      throw new Error(`the trade to begin with did not settle: ${left.join('; ')}`);
    const { held } = await readBook(desk.database);
    const here = held.find((one) => one.symbol === symbol);
    if (here === undefined || here.is_protected) return here !== undefined;
    await desk.pass(MARKET_MS); // an entry that waits for the market is at rest too
  }
};

/** Enters and waits until the shares are there and protected. */
export const hold = async (desk: DrillDesk): Promise<string> => {
  for (let tries = 0; tries < HOLD_TRIES; tries += 1) {
    const { symbol, proposal_id } = await desk.propose(SMALL);
    const { state, outcome } = await desk.execute(proposal_id);
    if (state !== 'executed') throw new Error(`the trade to begin with was ${state}: ${outcome}`);
    if (await isFilled(desk, symbol)) return symbol;
  }
  throw new Error(`none of ${HOLD_TRIES} trades to begin with was filled`);
};
