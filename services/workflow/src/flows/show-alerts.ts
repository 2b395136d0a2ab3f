import type { Alert } from '@catalyst/contracts';
import { acknowledgeAlerts } from '@catalyst/service-kit';
import { listAlertPage } from '../store/alerts.ts';
import { listProposals } from '../store/proposals.ts';
import type { FlowDeps } from './flow-deps.ts';

interface Page {
  state: 'unacknowledged' | 'all';
  limit: number;
  after?: string | undefined;
}

/** A page of alerts; the first begins with the proposals that wait for a person. */
export const showAlerts = async (
  { database, clock }: FlowDeps,
  { state, limit, after = undefined }: Page,
): Promise<{ alerts: Alert[]; next: string | null }> => {
  const [stored, waiting] = await Promise.all([
    listAlertPage(database, { state, limit: limit + 1, after: after ?? null }),
    after === undefined ? listProposals(database, 'waiting', clock.now(), 'cycle') : [],
  ]);
  const proposals = waiting.map(({ proposal_id, created_at, summary }): Alert => ({
    alert_id: `proposal:${proposal_id}`,
    at: created_at,
    severity: 'info',
    code: 'PROPOSAL_WAITING',
    message: summary,
    source: 'workflow',
    first_at: created_at,
    count: 1,
    acknowledged_at: null,
    acknowledged_by: null,
    sent_at: null,
  }));
  const page = stored.slice(0, limit);
  return {
    alerts: [...proposals, ...page],
    next: stored.length > limit ? page.at(-1)!.alert_id : null,
  };
};

/** A person has seen alerts; what somebody acknowledged before stays theirs. */
export const acknowledge = async (
  { database, clock, audit }: FlowDeps,
  alert_ids: readonly string[],
  by: string,
): Promise<{ acknowledged: string[] }> =>
  database.transaction(async (tx) => {
    const rows = await acknowledgeAlerts(tx, alert_ids, by, clock.now());
    const acknowledged = rows.map(({ alert_id }) => alert_id);
    for (const alert_id of acknowledged)
      audit(tx, { on_behalf_of: by, action: 'alert_acknowledged', subject: alert_id });
    return { acknowledged };
  });
