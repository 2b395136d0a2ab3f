import { randomUUID } from 'node:crypto';
import type { TradingSignal } from '@catalyst/contracts';
import type { startSimulator } from '@catalyst/simulator';
import { buySignal, type SmallDesk } from './small-desk.ts';

type Simulator = Pick<Awaited<ReturnType<typeof startSimulator>>, 'url' | 'accounts'>;
type FirstSignal = Extract<TradingSignal, { kind: 'signal' }>;

const ask = async <T>({ url, accounts }: Simulator, n: number, path: string): Promise<T> => {
  const { key_id, secret_key } = accounts[n]!;
  const answer = await fetch(`${url}${path}`, {
    headers: { 'APCA-API-KEY-ID': key_id, 'APCA-API-SECRET-KEY': secret_key },
  });
  return answer.json() as Promise<T>;
};

export const nowAt = async ({ url }: Simulator): Promise<string> =>
  ((await (await fetch(`${url}/sim/status`)).json()) as { now: string }).now;

interface ExchangeOrder {
  type: string;
  limit_price: string | null;
  stop_price: string | null;
  legs: ExchangeOrder[] | null;
  symbol: string;
  side: string;
  order_class: string;
  time_in_force: string;
  qty: string;
  status: string;
}
export const ordersOf = (simulator: Simulator, n: number): Promise<ExchangeOrder[]> =>
  ask(simulator, n, '/v2/orders?status=all&nested=true');
export const equityOf = async (simulator: Simulator, n: number): Promise<string> =>
  (await ask<{ equity: string }>(simulator, n, '/v2/account')).equity;

const nextSeq = (desk: SmallDesk): number => (desk.log.at(-1)?.seq ?? 0) + 1;

/** The desk buys at the price of now. */
export const signalNow = async (
  simulator: Simulator,
  desk: SmallDesk,
  symbol: string,
): Promise<FirstSignal> => {
  const { quote } = await ask<{ quote: { ap: number } }>(
    simulator,
    0,
    `/v2/stocks/${symbol}/quotes/latest`,
  );
  const signal = buySignal(nextSeq(desk), symbol, await nowAt(simulator), {
    entry: quote.ap.toFixed(2),
    stop: (quote.ap * 0.97).toFixed(2),
    target: (quote.ap * 1.06).toFixed(2),
  });
  desk.publish(signal);
  return signal;
};

/** The desk has sold what it bought on a signal. */
export const closedNow = async (
  simulator: Simulator,
  desk: SmallDesk,
  first: FirstSignal,
): Promise<TradingSignal> => {
  const closed: TradingSignal = {
    ...first,
    kind: 'closed',
    seq: nextSeq(desk),
    signal_id: randomUUID(),
    about: { signal_id: first.signal_id, seq: first.seq },
    closed: { price: null, closed_at: await nowAt(simulator), reason: 'target', r_multiple: null },
  };
  desk.publish(closed);
  return closed;
};

/** The desk has moved its exits of what it bought on a signal. */
export const levelsNow = async (
  simulator: Simulator,
  desk: SmallDesk,
  first: FirstSignal,
  levels: { stop_price: string | null; target_price: string | null },
): Promise<TradingSignal> => {
  const moved: TradingSignal = {
    ...first,
    kind: 'levels',
    seq: nextSeq(desk),
    signal_id: randomUUID(),
    at: await nowAt(simulator),
    about: { signal_id: first.signal_id, seq: first.seq },
    levels,
  };
  desk.publish(moved);
  return moved;
};
