import type { Command } from 'commander';
import type { ServiceName } from '@catalyst/contracts';
import { UnhealthyError } from '../exit-codes.ts';
import { typed } from '../typed.ts';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst status`: each service of the running desk, and its trading state. */
export const addStatus = (program: Command): void => {
  addVerb(program, 'status', 'show how the running desk is').action(
    async (options: { json?: boolean }) => {
      const [
        { reachDesk },
        { namedServer },
        { askDesk, askServer, describeLatest },
        { describeMode },
        { describeMarket },
        { describeNaked },
      ] = await Promise.all([
        import('../desk-connection.ts'),
        import('../server-connection.ts'),
        import('../ask-desk.ts'),
        import('../describe-desk.ts'),
        import('../describe-market.ts'),
        import('../describe-holdings.ts'),
      ]);
      const terminal = terminalOf(options);
      const server = namedServer();
      const { run, clients } = reachDesk();
      const {
        services: states,
        parts,
        unwell,
      } = await (server === undefined ? askDesk(run!) : askServer(server));
      const answers = (name: ServiceName): boolean =>
        states.some(({ service, status }) => service === name && status !== 'unreachable');
      // what the desk and the exchange do is beside the point where a service is not well
      const trading = answers('risk') ? await clients.risk.showStatus().catch(() => null) : null;
      const market = answers('workflow')
        ? await clients.workflow.showMarket().catch(() => null)
        : null;
      const held = answers('trading')
        ? await clients.trading
            .listPositions({ query: { status: 'open' } })
            .then(({ positions }) => positions)
            .catch(() => null)
        : null;
      const naked = (held ?? []).filter((position) => position.naked !== null);
      const data = {
        run_id: run?.run_id ?? null,
        mode: run?.mode ?? null,
        trade_date: run?.trade_date ?? null,
        healthy: unwell.length === 0,
        trading_state: trading?.trading_state ?? null,
        trading_state_reason: trading?.reason ?? null,
        limits_in_part: trading?.limits_in_part ?? [],
        naked: naked.map(({ symbol, qty, naked: found }) => ({ symbol, qty, ...found })),
        market,
        parts,
        services: states,
      };
      terminal.result(data, () => {
        const { green, yellow, red } = terminal.colors;
        const paint = (status: string) =>
          status === 'healthy'
            ? green(status)
            : status === 'degraded'
              ? yellow(status)
              : red(status);
        return [
          terminal.table(
            ['service', 'state', 'address', 'database', 'redis', 'notes'],
            states.map(({ service, status, url, database, redis, notes }) => [
              service,
              paint(status),
              url,
              database,
              redis,
              notes.join('; '),
            ]),
          ),
          run === null ? `desk at ${server!.url}` : `desk ${run.run_id}: ${describeMode(run)}`,
          ...describeLatest(states),
          ...(market === null ? [] : [describeMarket(market)]),
          ...describeNaked(naked).map(red),
          ...(trading === null
            ? []
            : [
                `trading is ${trading.trading_state}: ${trading.reason}${trading.reason.includes('never armed') ? ` (let it trade with: ${typed('arm')})` : ''}`,
                ...trading.limits_in_part.map(
                  ({ limit, reason }) => `${limit} is not checked in full: ${reason}`,
                ),
              ]),
        ].join('\n');
      });
      if (unwell.length === 0 && naked.length > 0)
        throw new UnhealthyError(
          `shares are held without a stop: ${naked.map(({ symbol }) => symbol).join(', ')}`,
        );
      if (unwell.length === 0) return;
      const ended = states.find(({ status }) => status === 'unreachable');
      throw new UnhealthyError(
        `not well: ${unwell.join(', ')}${ended ? `; what ended is started again by itself, ${typed(`logs ${ended.service}`)} says why` : ''}`,
      );
    },
  );
};
