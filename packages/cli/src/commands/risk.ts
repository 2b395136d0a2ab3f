import type { Command } from 'commander';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst risk`: the room that is left, and what the stops would cost. */
export const addRisk = (program: Command): void => {
  addVerb(
    program,
    'risk',
    'show the room left of each limit, and what every stop hit would cost',
  ).action(async (options: { json?: boolean }) => {
    const [{ reachDesk }, { describeRisk, roomOfLimits }, { whatIfStopped }] = await Promise.all([
      import('../desk-connection.ts'),
      import('../describe-risk.ts'),
      import('../what-if-stopped.ts'),
    ]);
    const terminal = terminalOf(options);
    const { risk, trading } = reachDesk().clients;
    const [status, { parameters, warnings }, { positions }, { orders }] = await Promise.all([
      risk.showStatus(),
      risk.showParameters(),
      trading.listPositions({ query: { status: 'open' } }),
      trading.listOrders({ query: { status: 'open' } }),
    ]);
    const stopped = whatIfStopped(positions, orders);
    const limits = roomOfLimits(status, parameters);
    terminal.result({ ...status, parameters, warnings, limits, if_stopped: stopped }, () =>
      [describeRisk(status, limits, stopped, terminal), ...warnings].join('\n'),
    );
  });
};
