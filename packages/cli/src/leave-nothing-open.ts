import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeFolder, readRunFile } from '@catalyst/platform';
import { operatorName, runningDesk, type DeskClients } from './desk-connection.ts';
import { isUnhealthy, RefusedError, UnhealthyError } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

const PATIENCE = { timeout_ms: 60_000, retry_for_ms: 0 };
/** Market orders of a flatten fill within seconds while the exchange is open. */
const FLAT_WITHIN_MS = 60_000;

interface Options {
  flatten?: boolean;
  leaveOpen?: boolean;
  reason?: string;
}

const listHeld = async ({ trading }: DeskClients): Promise<string[]> => {
  const { positions } = await trading.listPositions({ query: { status: 'open' } });
  return positions.map(({ symbol, qty }) => `${symbol} ${qty}`);
};

const flatten = async (clients: DeskClients, reason: string, { note }: Terminal): Promise<void> => {
  const by = operatorName();
  await clients.workflow.changeTradingState({ body: { act: 'flatten', by, reason } });
  const until = performance.now() + FLAT_WITHIN_MS;
  for (;;) {
    const held = await listHeld(clients);
    if (held.length === 0) return;
    if (performance.now() > until)
      throw new RefusedError(
        `the desk goes on: ${held.join(', ')} could not be closed within a minute (is the exchange open?)`,
      );
    note(`closing ${held.join(', ')} …`);
    await sleep(2_000);
  }
};

/**
 * Nobody watches positions once the desk is down: on paper and live it goes on while something is
 * held, unless the person says otherwise. What a replay holds is nobody's.
 * @returns what stays open
 * @throws RefusedError with the list of what is held; UnhealthyError where it cannot be seen
 */
export const leaveNothingOpen = async (
  { flatten: isToFlatten = false, leaveOpen = false, reason }: Options,
  terminal: Terminal,
): Promise<string[]> => {
  const run = readRunFile(homeFolder());
  if (run === undefined || run.mode === 'replay' || run.state === 'starting') return [];
  const { clients } = runningDesk(PATIENCE);
  const ways = '--flatten closes it first, --leave-open --reason "…" leaves it';
  let held: string[];
  try {
    held = await listHeld(clients);
  } catch (error) {
    if (!isUnhealthy(error)) throw error;
    if (!leaveOpen)
      throw new UnhealthyError(
        `the desk goes on: what it holds cannot be seen (${error.message}); ${ways}`,
      );
    held = ['what it holds (not known)'];
  }
  if (held.length === 0) return [];
  if (isToFlatten) {
    await flatten(clients, reason ?? 'the desk is taken down', terminal);
    return [];
  }
  if (!leaveOpen) throw new RefusedError(`the desk goes on: it holds ${held.join(', ')}; ${ways}`);
  mkdirSync(join(homeFolder(), 'logs'), { recursive: true });
  appendFileSync(
    join(homeFolder(), 'logs', 'supervisor.log'),
    `${JSON.stringify({ at: new Date().toISOString(), event: 'taken_down_with_open_positions', held, by: operatorName(), reason })}\n`,
  );
  return held;
};
