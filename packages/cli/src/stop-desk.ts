import { randomUUID } from 'node:crypto';
import type { Stopped } from '@catalyst/contracts';
import { AppError, createHaltFile, orSecondDoor } from '@catalyst/service-kit/calls';
import { homeFolder, readRunFile } from '@catalyst/platform';
import { askOnce, NOTHING_DONE } from './ask-once.ts';
import { describeStop, type Stop, type Touched } from './describe-stop.ts';
import { operatorName, reachDesk, type DeskClients } from './desk-connection.ts';
import { isUnhealthy, UnhealthyError } from './exit-codes.ts';
import { namedServer } from './server-connection.ts';
import type { Terminal } from './terminal.ts';
import { typed } from './typed.ts';
import { count } from './wording.ts';

/** Who wants to stop waits for nothing: looking is short, acting on positions takes its time. */
const LOOK = { timeout_ms: 3_000, retry_for_ms: 0 };
const ACT_MS: Record<Stop, number> = {
  pause: 5_000,
  halt: 5_000,
  cancel: 30_000,
  flatten: 60_000,
};

export interface StopOptions {
  reason: string;
  yes?: boolean;
  /** Of `cancel`: one entry alone. */
  order?: string;
}

const look = async (
  { risk, trading }: DeskClients,
  order: string | undefined,
): Promise<Touched> => {
  const [{ trading_state, reason }, { positions }, { orders }] = await Promise.all([
    risk.showStatus(),
    trading.listPositions({ query: { status: 'open' } }),
    trading.listOrders({ query: { status: 'open' } }),
  ]);
  return {
    status: { trading_state, reason },
    positions,
    entries: orders.filter(
      ({ role, client_order_id }) =>
        role === 'entry' && (order === undefined || client_order_id === order),
    ),
  };
};

/** The state that workflow brought about, or what trading did by itself. */
type Acted = { first: Touched['status'] } | { second: Stopped };

const act = (stop: Stop, reason: string, order: string | undefined): Promise<Acted> => {
  const patience = { timeout_ms: ACT_MS[stop], retry_for_ms: 0 };
  const { workflow, risk, trading } = reachDesk(patience).clients;
  const by = operatorName();
  if (order !== undefined)
    // by its name alone: the second door knows all entries or none
    return workflow
      .cancelEntries({ body: { by, reason, client_order_id: order } })
      .then(async () => ({ first: await risk.showStatus() }));
  return orSecondDoor(
    async () => {
      if (stop !== 'cancel')
        return workflow.changeTradingState({ body: { act: stop, by, reason } });
      await workflow.cancelEntries({ body: { by, reason } });
      return risk.showStatus();
    },
    () => trading.stop({ body: { act: stop, by, reason, request_id: randomUUID() } }),
  );
};

const describeStopped = (stop: Stop, { halt_file, closing, canceled_orders, left }: Stopped) =>
  [
    `${stop}: done by trading itself, since workflow did not answer`,
    ...(halt_file === null
      ? []
      : [`  halted by the file ${halt_file}: ${typed('resume --reason "…"')} lifts it`]),
    ...(canceled_orders > 0 ? [`  ${count(canceled_orders, 'order')} cancelled`] : []),
    ...(closing.length > 0 ? [`  closing at market: ${closing.join(', ')}`] : []),
    ...left.map(
      ({ symbol, why, is_naked }) => `  ${is_naked ? 'NAKED' : 'left'}: ${symbol}: ${why}`,
    ),
  ].join('\n');

/**
 * The halt that works with everything else dead: the file that risk reads before each order.
 * @throws UnhealthyError where the desk is on another machine
 */
const haltByFile = (reason: string, why: string): string => {
  if (namedServer() !== undefined)
    throw new UnhealthyError(
      `nothing was halted: ${why}. On the server itself a file halts it: echo "${reason}" > $SERVER_HOME/state/halt`,
    );
  const file = createHaltFile(readRunFile(homeFolder())?.home ?? homeFolder());
  if (file.read() === null) file.write(`halted by ${operatorName()}: ${reason}`);
  return file.path;
};

/** Says what a stop touches, asks once, and does it; a halt is done even where nothing answers. */
export const stopDesk = async (
  stop: Stop,
  { reason, yes, order }: StopOptions,
  terminal: Terminal,
): Promise<void> => {
  let touched: Touched | undefined;
  try {
    touched = await look(reachDesk(LOOK).clients, order);
    terminal.note(describeStop(stop, touched));
  } catch (error) {
    if (!isUnhealthy(error)) throw error;
    // what is held is not known, and asking for the act would wait for the same part
    if (stop !== 'halt' && !(error instanceof AppError)) throw error;
    terminal.note(`${stop}: what it touches is not known (${error.message})`);
  }
  if (!(await askOnce(`${stop} now?`, { yes }))) {
    terminal.result({ act: stop, ...NOTHING_DONE }, () => 'nothing was done');
    return;
  }
  try {
    const acted = await act(stop, reason, order);
    if ('second' in acted) {
      const { second } = acted;
      terminal.result({ done: true, by_file: second.halt_file, ...second, touched }, () =>
        describeStopped(stop, second),
      );
      return;
    }
    const { trading_state, reason: stated } = acted.first;
    const status = { trading_state, reason: stated };
    terminal.result({ act: stop, done: true, by_file: null, ...status, touched }, () =>
      touched === undefined
        ? `${stop}: done; trading is ${trading_state}: ${stated}`
        : describeStop(stop, { ...touched, status }, false),
    );
  } catch (error) {
    if (stop !== 'halt' || !isUnhealthy(error)) throw error;
    const path = haltByFile(reason, (error as Error).message);
    terminal.result(
      { act: stop, done: true, by_file: path, trading_state: 'halted', reason },
      () =>
        `halted by the file ${path}, since ${(error as Error).message}\n  nothing new is entered while it is there; entries at the broker stay: ${typed('flatten --direct')} closes everything there\n  ${typed('resume --reason "…"')} lifts it once the desk answers again`,
    );
  }
};
