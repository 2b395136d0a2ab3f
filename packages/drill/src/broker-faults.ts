import { setTimeout as pause } from 'node:timers/promises';
import type { DrillDesk } from './drill-desk.ts';

const LOOK_EVERY_MS = 20;
/** A request that is never answered holds the exchange's time for as long as somebody waits for it. */
const NOBODY_WAITS_MS = 1000;
/** What happens to the market comes with a minute of the exchange. */
export const WITH_A_MINUTE_MS = 61_000;

/** One fault of the broker while a trade is opened, held or closed. */
export interface BrokerFault {
  name: string;
  half: 'entry' | 'held' | 'exit';
  says: string;
  /** Faults of the simulator, as its REST takes them; the stock's name stands for SYMBOL. */
  faults: object[];
  /** What somebody does at the broker, past the desk; or the time that the fault takes to come. */
  act?: (desk: DrillDesk, symbol: string) => Promise<void>;
  /** The trade may end without an entry: the broker said no, or nothing. */
  may_refuse?: boolean;
  is_quick?: boolean;
}

const orders = 'POST /v2/orders';
const once = (what: object, rest = orders): object => ({ where: { rest }, when: { nth: 1 }, what });
const update = (what: object, event = 'fill'): object => ({
  where: { stream: 'trade_updates', event },
  when: { nth: 1 },
  what,
});

const silence = {
  where: { stream: 'trade_updates' },
  when: { first: 6 },
  what: { kind: 'silence' },
};

const onEntry = (name: string, says: string, what: object, more: Partial<BrokerFault> = {}) => ({
  name: `entry_${name}`,
  half: 'entry' as const,
  says: `the entry meets ${says}`,
  faults: [once(what)],
  ...more,
});
const onExit = (name: string, says: string, what: object, more: Partial<BrokerFault> = {}) => ({
  name: `exit_${name}`,
  half: 'exit' as const,
  says: `the exit meets ${says}`,
  faults: [once(what)],
  ...more,
});
const onStream = (
  name: string,
  says: string,
  faults: object[],
  more: Partial<BrokerFault> = {},
) => ({ name: `stream_${name}`, half: 'entry' as const, says, faults, ...more });

const LATE = { kind: 'delay', ms: 7000, delays: 'request' };
const maybe = { may_refuse: true };
const quick = { is_quick: true };

export const brokerFaults: readonly BrokerFault[] = [
  onEntry('500', '500, never seen', { kind: 'status', status: 500 }),
  onEntry('502', '502, taken all the same', { kind: 'accept_then_fail', answer: 502 }),
  onEntry('504', '504, taken all the same', { kind: 'accept_then_fail', answer: 504 }, quick),
  onEntry('reset', 'a broken connection, taken', { kind: 'accept_then_fail', answer: 'reset' }),
  onEntry('hang', 'no answer, taken', { kind: 'accept_then_fail', answer: 'hang' }),
  onEntry('lost', 'a broken connection, never seen', { kind: 'lost_request' }),
  onEntry('429', '429 with a reset', {
    kind: 'status',
    status: 429,
    headers: { 'x-ratelimit-reset': '1' },
  }),
  onEntry('401', 'a single 401', { kind: 'status', status: 401 }, maybe),
  onEntry('403', 'a single 403', { kind: 'status', status: 403 }, maybe),
  onEntry(
    '422_duplicate',
    '422, taken all the same',
    {
      kind: 'status',
      status: 422,
      exchange: 'did_it',
      body: { code: 40010001, message: 'client_order_id must be unique' },
    },
    quick,
  ),
  onEntry('half_answer', 'half an answer', { kind: 'half_answer' }),
  onEntry('html', 'an answer that is no JSON', { kind: 'garbage' }),
  onEntry('late', 'an answer after 7 s', LATE),
  onExit('504', '504, taken all the same', { kind: 'accept_then_fail', answer: 504 }, quick),
  onExit('reset', 'a broken connection, taken', { kind: 'accept_then_fail', answer: 'reset' }),
  onExit('lost', 'a broken connection, never seen', { kind: 'lost_request' }),
  onExit('429', '429', { kind: 'status', status: 429 }),
  onExit('401', 'a single 401', { kind: 'status', status: 401 }),
  onExit('403', 'a single 403', { kind: 'status', status: 403 }, quick),
  onExit('html', 'an answer that is no JSON', { kind: 'garbage' }),
  onExit('hang', 'no answer, taken', { kind: 'accept_then_fail', answer: 'hang' }),
  onExit('late', 'a broker that sees it after 7 s', LATE, quick),
  {
    name: 'exit_cancel_504',
    half: 'exit',
    says: 'a cancel before the exit meets 504 and is done all the same',
    faults: [once({ kind: 'accept_then_fail', answer: 504 }, 'DELETE /v2/orders/*')],
  },
  {
    name: 'exit_cancel_hang',
    half: 'exit',
    says: 'a cancel before the exit is done and never answered',
    faults: [once({ kind: 'accept_then_fail', answer: 'hang' }, 'DELETE /v2/orders/*')],
  },
  onStream(
    'fill_missing',
    'the update of the fill never comes',
    [update({ kind: 'missing' })],
    quick,
  ),
  onStream('fill_doubled', 'the update of the fill comes twice', [update({ kind: 'duplicate' })]),
  onStream('fill_late', 'the update of the fill comes after the next', [
    update({ kind: 'reorder' }),
  ]),
  onStream('silent', 'the stream is silent, its pings are answered', [silence]),
  onStream('broken', 'the stream breaks at the fill', [update({ kind: 'drop' })]),
  {
    name: 'held_stop_leg_cancelled',
    half: 'held',
    says: 'somebody cancels the stop of what is held, past the desk',
    faults: [],
    act: (desk, symbol) => cancelAtBroker(desk, symbol, ({ type }) => type === 'stop'),
    ...quick,
  },
  {
    name: 'held_stop_leg_cancelled_untold',
    half: 'held',
    says: 'somebody cancels the stop of what is held, past the desk, and the stream tells nothing',
    faults: [silence],
    act: (desk, symbol) => cancelAtBroker(desk, symbol, ({ type }) => type === 'stop'),
    ...quick,
  },
  {
    name: 'held_legs_cancelled',
    half: 'held',
    says: 'somebody cancels both legs of what is held, past the desk',
    faults: [],
    act: (desk, symbol) => cancelAtBroker(desk, symbol, () => true),
  },
  {
    name: 'held_protection_refused',
    half: 'held',
    says: 'the legs are gone, and the first order that would protect again is refused',
    faults: [once({ kind: 'status', status: 403 })],
    act: (desk, symbol) => cancelAtBroker(desk, symbol, () => true),
    ...quick,
  },
  {
    name: 'held_protection_late',
    half: 'held',
    says: 'the legs are gone, and the broker sees the first order that would protect again after 7 s',
    faults: [once(LATE)],
    act: (desk, symbol) => cancelAtBroker(desk, symbol, () => true),
  },
  {
    name: 'held_gap_through_the_stop',
    half: 'held',
    says: 'the price falls through the stop at once',
    faults: [{ where: { market: 'SYMBOL' }, what: { kind: 'gap', ratio: 0.9 } }],
    act: (desk) => desk.pass(WITH_A_MINUTE_MS),
  },
];

/** Adds faults to the exchange; the stock's name stands for SYMBOL. */
export const addFaults = async (
  desk: DrillDesk,
  faults: object[],
  symbol: string,
): Promise<void> => {
  if (faults.length === 0) return;
  const answer = await fetch(faultsOf(desk), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults).replaceAll('SYMBOL', symbol),
  });
  if (!answer.ok) throw new Error(`the exchange refused a fault: ${await answer.text()}`);
};

const faultsOf = ({ desk }: DrillDesk): string => `${desk.simulator!.url}/sim/faults`;
const listFaults = async (desk: DrillDesk): Promise<{ fired: number }[]> =>
  (await (await fetch(faultsOf(desk))).json()) as { fired: number }[];

/** Waits until one of the faults has hit something, for as long as there are any. */
export const untilFired = async (desk: DrillDesk): Promise<void> => {
  for (;;) {
    const listed = await listFaults(desk);
    if (listed.length === 0 || listed.some(({ fired }) => fired > 0)) return;
    await pause(LOOK_EVERY_MS);
  }
};

/** Ends all faults; true where one of them fired. */
export const endFaults = async (desk: DrillDesk): Promise<boolean> => {
  const listed = await listFaults(desk);
  await fetch(faultsOf(desk), { method: 'DELETE' });
  return listed.some(({ fired }) => fired > 0);
};

/** Cancels orders of a stock with the account's own keys, as its owner does in the broker's app. */
export const cancelAtBroker = async (
  { desk, view }: DrillDesk,
  symbol: string,
  which: (order: { type: string }) => boolean,
): Promise<void> => {
  const { url, accounts } = desk.simulator!;
  const { key_id, secret_key } = accounts[0]!;
  for (const order of (await view()).orders)
    if (order.symbol === symbol && which(order))
      await fetch(`${url}/v2/orders/${order.id}`, {
        method: 'DELETE',
        headers: { 'APCA-API-KEY-ID': key_id, 'APCA-API-SECRET-KEY': secret_key },
        signal: AbortSignal.timeout(NOBODY_WAITS_MS),
      }).catch(() => {}); // a fault of an earlier act may meet it: what was done the ledger tells
};
