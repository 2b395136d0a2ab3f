import { riskApi } from '@catalyst/contracts';
import { createHaltFile, type ServiceSpec } from '@catalyst/service-kit';
import { findShortage } from './adapters/disk-space.ts';
import { createParametersFile } from './adapters/parameters-file.ts';
import { riskConfig } from './config.ts';
import { createChangeTradingState } from './flows/change-trading-state.ts';
import { createCheckLimits } from './flows/check-limits.ts';
import { createGatherFacts } from './flows/gather-facts.ts';
import { keepParameters } from './flows/keep-parameters.ts';
import { createReadStatus } from './flows/read-status.ts';
import { createTradingStateInForce } from './flows/trading-state-in-force.ts';
import { createReviewOrder } from './flows/review-order.ts';
import { createSizePosition } from './flows/size-position.ts';
import { createWatchLimits } from './flows/watch-limits.ts';
import { watchDisk } from './flows/watch-disk.ts';
import { createRoutes } from './routes.ts';
import { createStore } from './store/create-store.ts';

export const riskService: ServiceSpec<typeof riskApi, typeof riskConfig> = {
  name: 'risk',
  api: riskApi,
  config: riskConfig,
  start: async ({ config, database, clock, bus, audit, alerts, log }) => {
    const store = createStore(database);
    const haltFile = createHaltFile(config.CATALYST_HOME);
    const kept = await keepParameters({
      store,
      clock,
      alerts,
      audit,
      log,
      file: createParametersFile(config.CATALYST_HOME),
    });
    const inForce = createTradingStateInForce({
      store,
      clock,
      alerts,
      audit,
      log,
      haltFile,
      changeStanding: bus.changeStanding,
    });
    const isReplay = config.TRADING_MODE === 'replay';
    const shortage = () => (isReplay ? null : findShortage(config.CATALYST_HOME));
    const disk = watchDisk({ findShortage: shortage, alerts, log });
    const deps = {
      findShortage: shortage,
      store,
      clock,
      alerts,
      audit,
      log,
      haltFile,
      inForce,
      changeStanding: bus.changeStanding,
      parameters: kept.parameters,
      parametersFor: kept.parametersFor,
      parametersVersion: kept.version,
    };
    const gatherFacts = createGatherFacts(deps);
    const { readStatus, isSaleConfirmed, remarks } = createReadStatus(deps);
    const checkLimits = createCheckLimits({ ...deps, readStatus, isSaleConfirmed, isReplay });
    const watch = createWatchLimits({ checkLimits, clock, log });
    if (!isReplay)
      await bus.subscribe({
        'catalyst:position_update': ({ cycle_id }) => watch.onUpdate(cycle_id),
      });
    return {
      handlers: createRoutes({
        ...createReviewOrder({ ...deps, gatherFacts }),
        sizePosition: createSizePosition({ ...deps, gatherFacts }),
        checkLimits,
        readStatus,
        readState: async () => {
          await inForce.latch();
          const { state, reason } = inForce.of(await store.readState(store));
          return { state, reason };
        },
        changeTradingState: createChangeTradingState(deps),
        kept,
      }),
      notes: () => [...kept.notes(), ...[shortage()].filter((text) => text !== null)],
      remarks,
      stop: async () => {
        disk.stop();
        watch.stop();
        await kept.stop();
      },
    };
  },
};
