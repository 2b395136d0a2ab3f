import { AppError } from '@catalyst/service-kit';
import { foldSignal, type KeptState } from '../domain/signal-rows.ts';
import { findLastEvent, listChanges } from '../store/signal-clients.ts';
import { findHead, findLogId, findSignal, listSignals, listStates } from '../store/signals.ts';
import type { FlowDeps } from './flow-deps.ts';

/** A page of the log; what it has not, was considered and did not fit the question. */
export const showLog = async (
  { database, run_id }: FlowDeps,
  query: {
    after_seq: number;
    limit: number;
    symbol?: string | undefined;
    since?: string | undefined;
  },
) => {
  const seq = await findHead(database);
  const { symbol = null, since = null } = query;
  const signals = await listSignals(database, { ...query, symbol, since });
  const isAll = signals.length < query.limit;
  return {
    log_id: await findLogId(database, run_id),
    signals,
    next_after_seq: isAll ? Math.max(seq, query.after_seq) : signals.at(-1)!.seq,
    seq: Math.max(seq, signals.at(-1)?.seq ?? 0),
  };
};

export const showRow = async ({ database }: FlowDeps, signal_id: string) => {
  const found = await findSignal(database, signal_id);
  if (!found) throw new AppError('NOT_FOUND', `there is no signal ${signal_id}`, { signal_id });
  return found;
};

/** What orchestration asks while somebody is connected. */
export const watchSignals = async (
  { database, run_id }: FlowDeps,
  after_change: number | undefined,
) => {
  const changes = after_change === undefined ? [] : await listChanges(database, after_change);
  return {
    log_id: await findLogId(database, run_id),
    seq: await findHead(database),
    change: changes.at(-1)?.seq ?? after_change ?? (await findLastEvent(database)),
    changes,
  };
};

const PAGE = 1000;
const tell = (state: KeptState | undefined): string =>
  state
    ? `${state.state} at ${state.last_seq}, stop ${state.stop_price}, target ${state.target_price}`
    : 'nothing';

/**
 * Reads the log again and makes the state of each trade from it alone; a trade whose first row is
 * before `from_seq` starts from what is kept of it.
 */
export const replaySignals = async ({ database }: FlowDeps, from_seq: number) => {
  const kept = new Map((await listStates(database)).map((state) => [state.first_seq, state]));
  const made = new Map<number, KeptState>();
  const gaps: number[] = [];
  let last = from_seq - 1;
  let rows = 0;
  for (;;) {
    const page = await listSignals(database, { after_seq: last, limit: PAGE });
    for (const row of page) {
      for (let missing = last + 1; missing < row.seq; missing += 1) gaps.push(missing);
      last = row.seq;
      rows += 1;
      const first_seq = 'about' in row ? row.about.seq : row.seq;
      const before =
        made.get(first_seq) ?? (first_seq < from_seq ? kept.get(first_seq) : undefined);
      const state = foldSignal(before, row);
      if (state) made.set(first_seq, state);
    }
    if (page.length < PAGE) break;
  }
  const expected = [...kept.values()].filter(({ last_seq }) => last_seq >= from_seq);
  const named = [...new Set([...made.keys(), ...expected.map(({ first_seq }) => first_seq)])];
  const differences = named
    .sort((left, right) => left - right)
    .map((seq) => ({ seq, kept: tell(kept.get(seq)), replayed: tell(made.get(seq)) }))
    .filter(({ kept: was, replayed }) => was !== replayed);
  return { from_seq, to_seq: last, rows, trades: named.length, gaps, differences };
};
