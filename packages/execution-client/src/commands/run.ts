import { createLog } from '@catalyst/runtime';
import type { Command } from 'commander';
import type { ClientEvent } from '../client-event.ts';
import { startClient, type RunningClient } from '../start-client.ts';
import type { Terminal } from '../terminal.ts';
import { describeEvent } from '../view/describe-event.ts';
import { describeStatus } from '../view/describe-status.ts';
import { clockOf } from '../view/wording.ts';
import { unlockKeys, type Context } from './context.ts';

const REDRAW_EVERY_MS = 1000;
const EVENTS_SHOWN = 8;
const CLEAR = '\u001b[2J\u001b[H';

/** Tells what happens: redrawn in a terminal, a line each in a log, JSON for programs. */
const createTeller = (terminal: Terminal, is_plain: boolean) => {
  const lines: string[] = [];
  const is_live = terminal.is_live && !is_plain;
  return {
    tell: (event: ClientEvent): void => {
      const at = new Date().toISOString();
      if (terminal.is_json) return terminal.write(`${JSON.stringify({ at, ...event })}\n`);
      const line = `${clockOf(at)} ${describeEvent(event)}`;
      if (!is_live) return terminal.write(`${line}\n`);
      lines.push(line);
      if (lines.length > EVENTS_SHOWN) lines.shift();
    },
    draw: (client: RunningClient): (() => void) => {
      if (!is_live) return () => {};
      const redraw = (): void =>
        terminal.write(
          `${CLEAR}${describeStatus(client.status(), terminal, 6)}\n\n${lines.join('\n')}\n\nCtrl+C ends it; "catalyst-client pause" or "flatten" from another window stops trading\n`,
        );
      redraw();
      const timer = setInterval(redraw, REDRAW_EVERY_MS);
      return () => clearInterval(timer);
    },
  };
};

const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve());
  });

export const addRun = (program: Command, context: () => Context): void => {
  program
    .command('run')
    .description('follow the desk until Ctrl+C')
    .option('--plain', 'a line for each thing that happens, as for a log')
    .option('--log-level <level>', 'what the program itself logs, to standard output', 'off')
    .action(async ({ plain = false, logLevel }: { plain?: boolean; logLevel: string }) => {
      const given = context();
      const { home, terminal } = given;
      const silent = () => undefined;
      const log =
        logLevel === 'off'
          ? { debug: silent, info: silent, warn: silent, error: silent }
          : createLog('catalyst-client', logLevel);
      const teller = createTeller(terminal, plain);
      const stopped = untilStopped();
      const keys = await unlockKeys(given);
      const client = await startClient({ home, keys, log, onEvent: teller.tell });
      const stopDrawing = teller.draw(client);
      await stopped;
      stopDrawing();
      const { trades } = client.status();
      await client.stop();
      const open = trades.filter(({ status }) => status !== 'closed').map(({ symbol }) => symbol);
      if (open.length > 0)
        terminal.note(
          `stopped while ${open.join(', ')} is open: the broker keeps its stop and its target, but nobody sells before the close; "catalyst-client run" goes on, "catalyst-client flatten" sells`,
        );
    });
};
