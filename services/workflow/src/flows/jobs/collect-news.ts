import type { FlowDeps } from '../flow-deps.ts';
import { raiseAlert } from '../raise-alert.ts';
import { mayPass, type JobBody, type JobScope } from '../run-job.ts';
import { messageOf } from '@catalyst/service-kit';

/**
 * Collects the news; sources that are down are noted. Live, a news service that cannot be reached
 * is told and the desk goes on with what it knows; a replay waits for it, since its trades may not
 * depend on an outage.
 */
export const collect = async (deps: FlowDeps, scope: JobScope): Promise<void> => {
  const { cycle_id } = scope.day.cycle;
  try {
    const { degraded } = await deps.news.collectNews({ body: { cycle_id } });
    for (const { source, reason } of degraded) scope.note(`${source}: ${reason}`);
  } catch (error) {
    if (deps.is_replay || !mayPass(error)) throw error;
    const message = `news was not collected: ${messageOf(error)}`;
    scope.note(message);
    await raiseAlert(deps, cycle_id, { severity: 'warning', code: 'NEWS_NOT_COLLECTED', message });
  }
};

export const createCollectNews =
  (deps: FlowDeps): JobBody =>
  (scope) =>
    collect(deps, scope);
