import { MOST_WATCHES, type Quote, type Watch } from '@catalyst/contracts';
import {
  compare,
  dollarWords,
  later,
  priceWords,
  stableId,
  type DecimalString,
} from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { directionTo, metValue, watchWords } from '../domain/watch-met.ts';
import { endWatch, expireWatches, findWatch, insertWatch, listWatches } from '../store/watches.ts';
import type { FlowDeps } from './flow-deps.ts';

interface Wanted extends Pick<Watch, 'kind' | 'level' | 'note' | 'by_mail'> {
  symbol?: string | undefined;
  direction?: Watch['direction'] | undefined;
  lifetime_hours: number;
  by: string;
  request_id: string;
}

const readQuotes = async (
  { technical }: FlowDeps,
  symbols: readonly string[],
): Promise<Map<string, Quote>> => {
  if (symbols.length === 0) return new Map();
  const { quotes } = await technical.refreshQuotes({ body: { symbols: [...symbols] } });
  return new Map(quotes.map((quote) => [quote.symbol, quote]));
};

/** Where the value of a watch is now. */
const readValue = async (
  deps: FlowDeps,
  { kind, symbol }: Pick<Wanted, 'kind' | 'symbol'>,
): Promise<DecimalString> => {
  if (kind === 'day_pnl') return (await deps.risk.showStatus()).daily_pnl_usd ?? '0';
  const quote = (await readQuotes(deps, [symbol!])).get(symbol!);
  if (!quote)
    throw new AppError('UNKNOWN_SYMBOL', `there is no quote of ${symbol} to watch`, { symbol });
  return quote.bid_price;
};

/** Keeps what somebody wants to be told of; asking twice keeps it once. */
export const setWatch = async (deps: FlowDeps, wanted: Wanted): Promise<Watch> => {
  const { database, clock, audit } = deps;
  const { kind, symbol, level, note, by_mail, by, request_id } = wanted;
  if ((kind === 'price') !== (symbol !== undefined))
    throw new AppError(
      'INVALID_REQUEST',
      "a watch of a price names a symbol, one of the day's result names none",
    );
  if (kind === 'price' && compare(level, 0) <= 0)
    throw new AppError('INVALID_REQUEST', `a price is above 0, was ${level}`);
  const watch_id = stableId('watch', by, request_id);
  const known = await findWatch(database, watch_id);
  if (known) return known;
  const now = clock.now();
  const own = (await listWatches(database, 'waiting', now)).filter(
    ({ asked_by }) => asked_by === by,
  );
  if (own.length >= MOST_WATCHES)
    throw new AppError(
      'TOO_MANY_REQUESTS',
      `${by} has ${own.length} watches that wait, at most ${MOST_WATCHES}: remove one first`,
    );
  const direction = wanted.direction ?? directionTo(level, await readValue(deps, wanted));
  await database.transaction(async (tx) => {
    await insertWatch(tx, {
      watch_id,
      asked_by: by,
      kind,
      symbol: symbol ?? null,
      direction,
      level,
      note,
      by_mail,
      created_at: now,
      expires_at: later(now, wanted.lifetime_hours * 3_600_000),
    });
    audit(tx, {
      on_behalf_of: by,
      action: 'watch_set',
      subject: watch_id,
      details: { kind, symbol, direction, level, by_mail },
    });
  });
  return (await findWatch(database, watch_id))!;
};

/** Takes a watch away; one that has ended stays as it ended. */
export const removeWatch = async (
  { database, audit }: FlowDeps,
  watch_id: string,
  by: string,
): Promise<Watch> => {
  await database.transaction(async (tx) => {
    if (await endWatch(tx, watch_id, 'removed', null))
      audit(tx, { on_behalf_of: by, action: 'watch_removed', subject: watch_id, details: {} });
  });
  const found = await findWatch(database, watch_id);
  if (!found) throw new AppError('NOT_FOUND', `there is no watch ${watch_id}`, { watch_id });
  return found;
};

/**
 * Each minute: what somebody waits for and has come is told, once, as an alert. A mail of it waits
 * for company as any warning's does, so that at most twelve an hour leave; without one it stays in
 * the list.
 */
export const checkWatches = async (deps: FlowDeps, cycle_id: string): Promise<void> => {
  const { database, clock, risk, alerts } = deps;
  const now = clock.now();
  const waiting = await listWatches(database, 'waiting', now);
  if (waiting.length === 0) return;
  await expireWatches(database, now);
  const symbols = [...new Set(waiting.flatMap(({ symbol }) => symbol ?? []))].sort();
  const [quotes, day_pnl_usd] = await Promise.all([
    readQuotes(deps, symbols),
    waiting.some(({ kind }) => kind === 'day_pnl')
      ? risk.showStatus().then((status) => status.daily_pnl_usd)
      : null,
  ]);
  for (const watch of waiting) {
    const value = metValue(watch, { quotes, day_pnl_usd });
    if (value === null) continue;
    const { watch_id, by_mail, note, asked_by, kind } = watch;
    await database.transaction(async (tx) => {
      if (!(await endWatch(tx, watch_id, 'met', { at: now, value }))) return;
      alerts.stage(tx, {
        severity: by_mail ? 'warning' : 'info',
        code: 'WATCH_MET',
        subject: watch_id,
        cycle_id,
        message: `${watchWords(watch)}: it is ${kind === 'price' ? priceWords(value) : dollarWords(value)} (watched for ${asked_by}${note === '' ? '' : `: ${note}`})`,
      });
    });
  }
};
