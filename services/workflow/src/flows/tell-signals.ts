import type { TradingSignal } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { assertHolder, type Transaction } from '@catalyst/service-kit';
import {
  foldSignal,
  laterRows,
  repeatedFacts,
  type LaterRow,
  type UnnumberedSignal,
} from '../domain/signal-rows.ts';
import {
  findFirst,
  findState,
  findUnread,
  insertSignal,
  isTold,
  keepState,
  listStateChanges,
  listTouched,
  moveCursor,
  readCursor,
  readPositions,
  type Unread,
} from '../store/signals.ts';
import type { FlowDeps } from './flow-deps.ts';

/**
 * Writes a row of the log with the state that follows from it and its event, in the caller's
 * transaction; what was written from the same origin already is left alone.
 */
export const tellSignal = async (
  { bus, signals }: FlowDeps,
  tx: Transaction,
  origin: string,
  row: UnnumberedSignal,
): Promise<void> => {
  if (await isTold(tx, origin)) return;
  const signal = await insertSignal(tx, origin, row);
  const before = 'about' in signal ? await findState(tx, signal.about.seq) : null;
  const state = foldSignal(before ?? undefined, signal);
  if (state) await keepState(tx, state);
  const isAboutTrade = 'symbol' in signal;
  bus.stage(tx, 'catalyst:trading_signal', {
    cycle_id: isAboutTrade ? signal.chain.cycle_id : null,
    seq: signal.seq,
    kind: signal.kind,
    symbol: isAboutTrade ? signal.symbol : null,
  });
  tx.afterCommit(() => signals.publish());
};

/** A later row of a trade, with what it repeats of the first. */
export const tellLater = async (
  deps: FlowDeps,
  tx: Transaction,
  first: TradingSignal,
  origin: string,
  later: LaterRow,
): Promise<void> =>
  tellSignal(deps, tx, origin, {
    signal_id: stableId('signal', origin),
    at: deps.clock.now(),
    about: { signal_id: first.signal_id, seq: first.seq },
    ...repeatedFacts(first),
    ...later,
  } as UnnumberedSignal);

/** Says that the trade of a decision does not take place, where it was announced. */
export const tellCancelled = async (
  deps: FlowDeps,
  tx: Transaction,
  decision_id: string,
  code: string,
  reason: string,
): Promise<void> => {
  const first = await findFirst(tx, decision_id);
  if (!first) return;
  const cancelled = { code, reason };
  await tellLater(deps, tx, first, `${decision_id}:cancelled`, { kind: 'cancelled', cancelled });
};

/** What became of announced trades, from trading's log after the number that was read last. */
const tellTrades = async (deps: FlowDeps): Promise<boolean> => {
  const { database, clock, epoch } = deps;
  const after = await readCursor(database, 'order_events');
  const touched = await listTouched(database, after);
  if (touched.length === 0) return false;
  await database.transaction(async (tx) => {
    await assertHolder(tx, 'workflow', epoch());
    const ids = [...new Set(touched.flatMap(({ position_id }) => position_id ?? []))];
    const positions = new Map(
      (await readPositions(tx, ids)).map((position) => [position.position_id, position]),
    );
    for (const id of ids) {
      const position = positions.get(id);
      const first = position && (await findFirst(tx, position.decision_id));
      const state = first && (await findState(tx, first.seq));
      if (!state) continue;
      for (const later of laterRows(state, position, clock.now())) {
        const { decision_id } = position;
        // levels change more than once: each is named by the event that showed it
        const occasion = later.kind === 'levels' ? `levels:${touched.at(-1)!.seq}` : later.kind;
        await tellLater(deps, tx, first, `${decision_id}:${occasion}`, later);
      }
    }
    await moveCursor(tx, 'order_events', touched.at(-1)!.seq);
  });
  return true;
};

/** That the desk takes new trades no more, or again; before anybody armed it it was halted. */
const tellDesk = async (deps: FlowDeps): Promise<void> => {
  const { database, clock, epoch } = deps;
  const after = await readCursor(database, 'trading_state_changes');
  const changes = await listStateChanges(database, after);
  const last = changes.at(-1);
  if (!last || last.seq === after) return;
  await database.transaction(async (tx) => {
    await assertHolder(tx, 'workflow', epoch());
    for (const [index, { seq, state, reason }] of changes.entries()) {
      const before = changes[index - 1]?.state ?? 'halted';
      if (seq <= after || before === state) continue;
      const origin = `trading_state:${seq}`;
      const row = { signal_id: stableId('signal', origin), at: clock.now() };
      await tellSignal(
        deps,
        tx,
        origin,
        state === 'active'
          ? { ...row, kind: 'desk_resumed', resumed: { reason } }
          : { ...row, kind: 'desk_halted', halted: { trading_state: state, reason } },
      );
    }
    await moveCursor(tx, 'trading_state_changes', last.seq);
  });
};

/**
 * Brings the log up to what trading and risk have written: in a replay after each job, live each second. A
 * row is made from the log of its owner, so that whenever it is made it is the same one. What is unread
 * may be given as just found.
 */
export const tellSignals = async (deps: FlowDeps, found?: Unread): Promise<void> => {
  const unread = found ?? (await findUnread(deps.database));
  if (unread.desk) await tellDesk(deps);
  while (unread.trades && (await tellTrades(deps)));
};
