import type { workflowApi } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import { AppError, inContext, type Handlers } from '@catalyst/service-kit';
import type { CycleState } from '@catalyst/contracts';
import { changeLimit, confirmLimit, rejectLimit } from './flows/change-limit.ts';
import {
  createAccessKey,
  findAccessKey,
  listAccessKeys,
  revokeAccessKey,
} from './flows/manage-access-keys.ts';
import type { CycleDay } from './flows/cycle-book.ts';
import { closePosition } from './flows/close-position.ts';
import { steerPosition } from './flows/steer-position.ts';
import { executeProposal, rejectProposal } from './flows/execute-proposal.ts';
import type { FlowDeps } from './flows/flow-deps.ts';
import type { Lockstep } from './flows/lockstep.ts';
import { openCycle } from './flows/open-cycle.ts';
import { previewTrade } from './flows/preview-trade.ts';
import { showProposal } from './flows/propose-trade.ts';
import { acknowledge, showAlerts } from './flows/show-alerts.ts';
import { showProgress, showTimeline } from './flows/show-cycle.ts';
import { showMarket } from './flows/show-market.ts';
import { setSessionMode } from './flows/set-session-mode.ts';
import { showPlan } from './flows/show-plan.ts';
import { showStanding } from './flows/show-standing.ts';
import { cancelEntries, changeTradingState } from './flows/steer-desk.ts';
import { stopCycle } from './flows/stop-cycle.ts';
import { createDoorRoutes } from './door-routes.ts';
import { createSignalRoutes } from './signal-routes.ts';
import { removeWatch, setWatch } from './flows/keep-watches.ts';
import { verifyToolCalls } from './flows/verify-tool-calls.ts';
import { findCurrentCycle } from './store/cycles.ts';
import { listDecisions } from './store/decisions.ts';
import { listWaitingLimits } from './store/limit-proposals.ts';
import { listProposals } from './store/proposals.ts';
import { insertToolCalls, listActChains } from './store/tool-calls.ts';
import { listWatches } from './store/watches.ts';

interface Deps {
  /** Present in a replay: whatever is asked happens at the exchange's time. */
  lockstep: Lockstep | null;
  advanceReplay: ((to: string) => Promise<{ now: string; state: CycleState }>) | null;
  /** Tells the schedule that a person opened a cycle. */
  onCycleOpened(): Promise<void>;
}

export const createRoutes = (
  deps: FlowDeps,
  { lockstep, advanceReplay, onCycleOpened }: Deps,
): Handlers<typeof workflowApi> => {
  const { database, clock, book } = deps;

  const atDeskTime = <T>(work: () => Promise<T>): Promise<T> =>
    lockstep ? inContext({ at: lockstep.now() }, work) : work();
  /** Acts wait for the job at hand, and happen at the time at which their turn comes. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => deps.inTurn(() => atDeskTime(work));
  const currentDay = async (): Promise<CycleDay | null> => {
    const cycle = await findCurrentCycle(database, inNewYork(clock.now()).date);
    return cycle && book.of(cycle.cycle_id);
  };
  /** A stop waits for no database either: the day only names the request. */
  const dayForStop = (): Promise<CycleDay | null> =>
    currentDay().catch((error: unknown) => {
      if (error instanceof AppError && error.retryable) return null;
      throw error;
    });
  /** A stop waits for no job; in a replay the fleet must be settled between two acts at the broker. */
  const stopAtBroker = <T>(work: () => Promise<T>): Promise<T> =>
    lockstep ? inTurn(work) : work();
  const actOnDay = <T>(work: (day: CycleDay | null) => Promise<T>): Promise<T> =>
    inTurn(async () => {
      const day = await currentDay();
      return day ? inContext({ cycle_id: day.cycle.cycle_id }, () => work(day)) : work(null);
    });

  return {
    ...createSignalRoutes(deps, atDeskTime),
    ...createDoorRoutes(deps, atDeskTime),
    startCycle: async ({ body, caller }) => {
      const cycle = await inTurn(() => openCycle(deps, { ...body, by: caller }));
      await onCycleOpened();
      return cycle;
    },
    showCurrentCycle: () =>
      atDeskTime(async () => {
        const day = await currentDay();
        if (!day) throw new AppError('NOT_FOUND', 'no cycle was opened yet');
        return showProgress(deps, day);
      }),
    showMarket: () => atDeskTime(() => showMarket(deps)),
    showStanding: () => atDeskTime(() => showStanding(deps, currentDay)),
    setSessionMode: ({ body, caller }) =>
      actOnDay((day) => setSessionMode(deps, day, { ...body, caller })),
    showPlan: () => atDeskTime(() => showPlan(deps)),
    showTimeline: ({ params }) => atDeskTime(() => showTimeline(deps, params.cycle_id)),
    stopCycle: ({ params, body }) =>
      inTurn(() =>
        inContext({ cycle_id: params.cycle_id }, () =>
          stopCycle(deps, params.cycle_id, body.by, body.reason),
        ),
      ),
    advanceReplay: async ({ body }) => {
      if (!advanceReplay)
        throw new AppError('REPLAY_ONLY', 'only a replay is advanced; this desk follows the clock');
      return advanceReplay(body.to);
    },
    listDecisions: async ({ query }) => ({
      decisions: await listDecisions(database, query.cycle_id),
    }),
    previewTrade: ({ body }) => actOnDay((day) => previewTrade(deps, day, body)),
    executeProposal: ({ params, body }) =>
      actOnDay(() => executeProposal(deps, params.proposal_id, body.by)),
    rejectProposal: ({ params, body }) =>
      actOnDay(() => rejectProposal(deps, params.proposal_id, body.by, body.reason)),
    listProposals: ({ query }) =>
      atDeskTime(async () => {
        const now = clock.now();
        return {
          proposals: (await listProposals(database, query.state, now, query.origin)).map((row) =>
            showProposal(row, now),
          ),
        };
      }),
    closePosition: ({ params, body }) =>
      actOnDay((day) => closePosition(deps, day, { ...body, position_id: params.position_id })),
    moveStop: ({ params, body, caller }) =>
      actOnDay(() =>
        steerPosition(deps, params.position_id, {
          ...body,
          caller,
          act: { move_stop: body.stop_price, loosen: body.loosen },
          run: (asked) =>
            deps.trading.moveStop({
              params,
              body: { ...asked, stop_price: body.stop_price, loosen: body.loosen },
            }),
        }),
      ),
    placeExit: ({ params, body, caller }) =>
      actOnDay(() =>
        steerPosition(deps, params.position_id, {
          ...body,
          caller,
          act: { exit: body.exit },
          run: (asked) => deps.trading.placeExit({ params, body: { ...asked, exit: body.exit } }),
        }),
      ),
    reducePosition: ({ params, body, caller }) =>
      actOnDay(() =>
        steerPosition(deps, params.position_id, {
          ...body,
          caller,
          act: { reduce_by: body.qty },
          run: (asked) =>
            deps.trading.reducePosition({ params, body: { ...asked, qty: body.qty } }),
        }),
      ),
    updateRiskParameter: ({ params, body, caller }) =>
      inTurn(() => changeLimit(deps, params.name, { ...body, caller })),
    listLimitProposals: () =>
      atDeskTime(async () => ({
        limit_proposals: await listWaitingLimits(database, clock.now()),
      })),
    confirmLimit: ({ params, body, caller }) =>
      inTurn(() => confirmLimit(deps, params.proposal_id, { ...body, caller })),
    rejectLimit: ({ params, body }) => inTurn(() => rejectLimit(deps, params.proposal_id, body)),
    changeTradingState: ({ body, caller }) =>
      atDeskTime(async () =>
        changeTradingState(deps, await dayForStop(), { ...body, caller }, stopAtBroker),
      ),
    cancelEntries: ({ body }) =>
      stopAtBroker(async () => cancelEntries(deps, await dayForStop(), body)),
    listAlerts: ({ query }) => atDeskTime(() => showAlerts(deps, query)),
    acknowledgeAlerts: ({ body }) => atDeskTime(() => acknowledge(deps, body.alert_ids, body.by)),
    setWatch: ({ body }) => inTurn(() => setWatch(deps, body)),
    listWatches: ({ query }) =>
      atDeskTime(async () => ({ watches: await listWatches(database, query.state, clock.now()) })),
    removeWatch: ({ params, body }) =>
      atDeskTime(() => removeWatch(deps, params.watch_id, body.by)),
    recordToolCalls: async ({ body }) => {
      if (body.calls.length > 0)
        await database.transaction((tx) => insertToolCalls(tx, body.calls));
      return { recorded: body.calls.length };
    },
    verifyToolCalls: () => verifyToolCalls(deps),
    verifyActs: async () => ({ chains: await listActChains(deps.database) }),
    createAccessKey: ({ body }) => atDeskTime(() => createAccessKey(deps, body)),
    listAccessKeys: () => atDeskTime(async () => ({ keys: await listAccessKeys(deps) })),
    findAccessKey: ({ body }) => atDeskTime(async () => ({ key: await findAccessKey(deps, body) })),
    revokeAccessKey: ({ params, body }) =>
      atDeskTime(() => revokeAccessKey(deps, params.key_id, body)),
  };
};
