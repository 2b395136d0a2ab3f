import { compare, stableId, toTimeId } from '@catalyst/domain';
import { symbolsOfInterest } from '../../domain/market-view.ts';
import { listWaitingProposals } from '../../store/proposals.ts';
import { listHeld, readMinuteFacts } from '../../store/desk-reads.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { expireOld, finishInterruptedExecutions } from '../execute-proposal.ts';
import { createEachOnItsOwn, type EachOnItsOwn } from '../each-on-its-own.ts';
import { entryRefused, raiseAlert } from '../raise-alert.ts';
import { createTellPriceAges, type TellPriceAges } from '../tell-price-ages.ts';
import type { JobBody, JobScope } from '../run-job.ts';
import { checkWatches } from '../keep-watches.ts';
import { createFetchMinute } from './fetch-minute.ts';

/** Minutes between two reconciliations while the market is open. */
const RECONCILE_EVERY = 15;

/** Looks that a limit which sells needs beside the first, and the time between two. */
const MORE_LOOKS = 2;
const LOOK_AGAIN_MS = 5000;

/** Holds the account against the limits; what one read of it says alone is looked at again. */
const checkLimits = async ({ trading, risk, settle, clock }: FlowDeps, cycle_id: string) => {
  const body = { cycle_id };
  let found = await risk.checkLimits({ body });
  for (let looks = 0; found.confirm && looks < MORE_LOOKS; looks += 1) {
    await clock.sleep(LOOK_AGAIN_MS);
    const { acts_mark } = await trading.monitorPositions({ body });
    await settle(acts_mark);
    found = await risk.checkLimits({ body });
  }
  return found;
};

/**
 * Protection and profit of what is held, and the limits; over the daily loss all is closed. The
 * limits are looked at though the monitoring failed.
 */
const watchPositions = async (
  deps: FlowDeps,
  { day, due_at, note }: JobScope,
  own: EachOnItsOwn,
  tellPriceAges: TellPriceAges,
): Promise<void> => {
  const { database, trading, settle } = deps;
  const { cycle_id } = day.cycle;
  const monitored = await own.try(async () => {
    const { positions, mended, acts_mark } = await trading.monitorPositions({ body: { cycle_id } });
    await settle(acts_mark);
    for (const { symbol, action, is_refused } of mended) {
      note(`${symbol} mended: ${action}`);
      if (is_refused) await raiseAlert(deps, cycle_id, entryRefused(symbol, action));
    }
    return positions;
  });
  await own.try(async () => {
    const { flatten, status } = await checkLimits(deps, cycle_id);
    if (flatten && (await listHeld(database)).length > 0) {
      note('over a limit: closing everything');
      const { left } = await trading.closeAllPositions({
        body: {
          request_id: stableId('risk_flatten', cycle_id, due_at),
          by: 'workflow',
          reason: 'risk_flatten',
        },
      });
      await settle();
      for (const { symbol, why } of left) note(`${symbol} is left: ${why}`);
    }
    const held = (monitored ?? []).filter(({ qty }) => compare(qty, 0) > 0);
    await tellPriceAges(
      cycle_id,
      held.map(({ symbol }) => symbol),
      status.stale_prices,
    );
  });
};

/** Holds the book against the broker's; a difference is told. */
const reconcile = async (deps: FlowDeps, { day }: JobScope): Promise<void> => {
  const { cycle_id } = day.cycle;
  const { reconciled, differences } = await deps.trading.reconcile({ body: { cycle_id } });
  await deps.settle();
  if (reconciled) return;
  const listed = differences.map(
    ({ kind, symbol, desk, broker }) => `${kind} ${symbol ?? ''} ${desk} against ${broker}`,
  );
  await raiseAlert(deps, cycle_id, {
    severity: 'warning',
    code: 'NOT_RECONCILED',
    message: `the desk differs from the broker: ${listed.join('; ')}`,
    details: { differences },
  });
};

/**
 * Each minute: protection and profit of what is held, and the limits; over the daily loss
 * everything is closed. The bars know nothing of that and are fetched beside it. No step is kept
 * from its end by the failure of another.
 */
export const createWatchMinute = (deps: FlowDeps): JobBody => {
  const fetchMinute = createFetchMinute(deps);
  const tellPriceAges = createTellPriceAges(deps);
  return async (scope) => {
    const { database, clock, log } = deps;
    const { day, due_at } = scope;
    const own = createEachOnItsOwn((error) => log.warn('minute_failed_twice', { due_at, error }));
    const now = clock.now();
    const facts = await own.try(async () => {
      const read = await readMinuteFacts(database);
      const waiting = read.has_proposals ? await listWaitingProposals(database) : [];
      return { ...read, waiting };
    });
    const { held, waiting, has_watches } = facts ?? { held: [], waiting: [], has_watches: true };
    const symbols = symbolsOfInterest(
      held.map(({ symbol }) => symbol),
      day.view,
    );
    await clock.together([
      () => watchPositions(deps, scope, own, tellPriceAges),
      () => own.try(() => fetchMinute(scope, symbols)),
    ]);
    if (waiting.some(({ expires_at }) => expires_at <= now))
      await own.try(() => expireOld(deps, now));
    // the first minute of the session as well: an entry wants a book that was held against the broker's lately
    const sinceOpen = toTimeId(due_at) - toTimeId(day.hours.open_at);
    if (sinceOpen === 1 || toTimeId(due_at) % RECONCILE_EVERY === 0)
      await own.try(() => reconcile(deps, scope));
    // what somebody waits to be told of decides nothing
    if (has_watches) await own.try(() => checkWatches(deps, day.cycle.cycle_id));
    // an execution whose order's fate was unknown; last, so that it never keeps the desk from
    // watching
    await own.try(() => finishInterruptedExecutions(deps, waiting));
    own.end();
  };
};
