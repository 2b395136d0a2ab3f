import { createBrokerage } from '@catalyst/brokerage';
import { tradingApi } from '@catalyst/contracts';
import { createOrderLife, type UnbookedAct } from '@catalyst/order-life';
import {
  createHaltFile,
  createJournal,
  type Journal,
  type ServiceSpec,
} from '@catalyst/service-kit';
import { join } from 'node:path';
import { tradingConfig } from './config.ts';
import { createActWithoutBook } from './flows/act-without-book.ts';
import { createShowPositions } from './flows/show-positions.ts';
import { createStopDesk } from './flows/stop-desk.ts';
import { createRoutes } from './routes.ts';
import { createBook } from './store/book.ts';

export const tradingService: ServiceSpec<typeof tradingApi, typeof tradingConfig> = {
  name: 'trading',
  api: tradingApi,
  config: tradingConfig,
  is_single: true,
  start: async ({ config, log, metrics, clock, bus, audit, alerts, journal, epoch, database }) => {
    const mode = config.TRADING_MODE;
    const haltFile = createHaltFile(config.CATALYST_HOME);
    const book = createBook({ database, bus, audit, epoch });
    let unbooked: Journal<UnbookedAct> | undefined;
    const life = createOrderLife({
      broker: createBrokerage({
        config,
        log,
        metrics,
        clock,
        mode,
        process: 'trading',
        timeout_ms: 5000,
      }),
      book,
      clock,
      log,
      alerts,
      haltFile,
      epoch,
      openJournal: (take) =>
        (unbooked = createJournal<UnbookedAct>({
          path: join(config.CATALYST_HOME, 'journal', 'trading', 'acts.jsonl'),
          take,
          log,
        })),
      settings: {
        mode,
        account: config.DESK_ACCOUNT,
        entry_lifetime_minutes: config.ENTRY_LIFETIME_MINUTES,
        adopted_stop_ratio: config.ADOPTED_STOP_RATIO,
        stop_rule: {
          break_even_at_r: config.STOP_TO_ENTRY_AT_R ?? null,
          trail_true_ranges: config.STOP_TRAILS_BY_RANGES ?? null,
        },
      },
    });
    const stopDesk = createStopDesk({
      book,
      isBookThere: () => database.isConnected(),
      log,
      closing: life.closing,
      withoutBook: createActWithoutBook({ broker: life.broker, beside: life.besideBook, log }),
      haltFile,
      journal,
    });

    return {
      handlers: createRoutes({
        database,
        mode,
        life,
        stopDesk,
        positions: createShowPositions({ database, clock, nakedOf: life.nakedOf }),
      }),
      prepare: life.start,
      failures: life.failures,
      latest: () => ({ last_trade_update: life.lastUpdateAt() }),
      notes: () => [
        ...(life.isReconciled() ? [] : ['differs from the broker: no new entries']),
        ...(life.withoutBookSince() === null
          ? []
          : [
              `the database is away since ${life.withoutBookSince()}: what is held is guarded by the broker's word alone`,
            ]),
        ...(life.isListening() ? [] : ['the trade stream is away']),
      ],
      stop: async () => {
        await life.stop();
        await unbooked?.close();
      },
    };
  },
};
