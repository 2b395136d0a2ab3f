import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { writeInvitation } from '@catalyst/contracts';
import { add, later, newYorkTime } from '@catalyst/domain';
import { checkLedger, readLedgerAt } from '@catalyst/platform';
import { sha256 } from '@catalyst/service-kit';
import { BUNDLED_DAY, startReplay } from '@catalyst/testkit';
import {
  killProcesses,
  startProcess,
} from '../../packages/execution-client/tests/client-process.ts';
import { equityOf, ordersOf } from '../../packages/execution-client/tests/exchange-now.ts';
import {
  follow,
  joinClient,
  switchOn,
} from '../../packages/execution-client/tests/followed-day.ts';

const TIMEOUT_MS = 900_000;
const MINUTE_MS = 60_000;
const TAKES_ALL = {
  max_risk_usd: '200',
  max_notional_usd: '20000',
  max_total_notional_usd: '60000',
  max_positions: 5,
  daily_loss_usd: '2000',
};

describe('two friends of a desk on a replayed day', () => {
  it(
    'end flat and to the cent, one killed in the middle of an order, one asleep for an hour',
    async () => {
      const replay = await startReplay({
        day_dir: BUNDLED_DAY,
        simulator_args: ['--accounts', '3'],
      });
      const { desk, workflow, trade_date } = replay;
      const simulator = desk.simulator!;
      const at = (clock: string): string => newYorkTime(trade_date, clock);
      const invite = async (name: string): Promise<{ invitation: () => string }> => {
        const code = randomBytes(16).toString('hex');
        await workflow.inviteClient({
          body: { name, scope: 'trade', code_sha256: sha256(code), by: 'ann' },
        });
        const address = desk.fleet.urls.orchestration;
        return { invitation: () => writeInvitation({ address, code, pin: null }) };
      };
      const homes = [
        await joinClient(await invite('takes-all'), simulator, 1, TAKES_ALL),
        await joinClient(await invite('strict'), simulator, 2, { max_positions: 1 }),
      ] as const;
      try {
        for (const home of homes) await switchOn(home, at('04:00'));
        let killed = await startProcess(homes[0], simulator.url);
        const sleeper = await follow(homes[1], simulator.url);
        let wasKilled = false;

        /** A step that is cut off as soon as the exchange has an order of it. */
        const stepOrDie = async (seq: number): Promise<void> => {
          const done = killed.step(seq).then(
            () => true,
            () => false,
          );
          const isDone = (): Promise<boolean | 'not yet'> =>
            Promise.race([
              done,
              new Promise<'not yet'>((resolve) => setImmediate(resolve, 'not yet')),
            ]);
          while (!wasKilled && (await isDone()) === 'not yet') {
            if ((await ordersOf(simulator, 1)).length === 0) continue;
            wasKilled = true;
            await killed.kill();
            killed = await startProcess(homes[0], simulator.url);
            await killed.step(seq);
          }
          await done;
        };

        await replay.advanceTo('09:30');
        for (let to = at('09:31'); to <= at('15:45'); to = later(to, MINUTE_MS)) {
          await workflow.advanceReplay({ body: { to } });
          const { seq } = await workflow.watchSignals({ query: {} });
          if (to === at('11:00')) sleeper.client.sleep();
          if (to === at('12:00')) sleeper.client.wake();
          await stepOrDie(seq);
          await sleeper.step(to >= at('11:00') && to < at('12:00') ? null : seq);
        }
        expect(wasKilled).toBe(true);
        await killed.kill();
        const followed = await follow(homes[0], simulator.url);
        for (const [n, { client }] of [followed, sleeper].entries()) {
          expect(client.isReconciled()).toBe(true);
          const { trades, day_result_usd } = client.status();
          expect(trades.length).toBeGreaterThan(0);
          expect(trades.filter(({ status }) => status !== 'closed')).toEqual([]);
          expect(add(await equityOf(simulator, n + 1), '-100000')).toBe(add(day_result_usd));
        }
        expect(
          checkLedger(await readLedgerAt(simulator.url), {
            max_naked_ms: MINUTE_MS,
            flat_at_end: true,
          }),
        ).toEqual([]);
        await followed.client.stop();
        await sleeper.client.stop();
      } finally {
        killProcesses();
        await replay.stop();
        for (const { folder } of homes) rmSync(folder, { recursive: true, force: true });
      }
    },
    TIMEOUT_MS,
  );
});
