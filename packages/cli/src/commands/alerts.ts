import type { Command } from 'commander';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst alerts`: what somebody should know, until a person says that it was seen. */
export const addAlerts = (program: Command): void => {
  addVerb(program, 'alerts', 'show what happened that you should know')
    .option('--all', 'those that were acknowledged too')
    .option('--ack', 'say that you have seen those that are shown')
    .action(async (options: { all?: boolean; ack?: boolean; json?: boolean }) => {
      const [{ operatorName, reachDesk }, { describeAlerts }] = await Promise.all([
        import('../desk-connection.ts'),
        import('../describe-alerts.ts'),
      ]);
      const terminal = terminalOf(options);
      const { workflow } = reachDesk().clients;
      const { alerts, next } = await workflow.listAlerts({
        query: { state: options.all === true ? 'all' : 'unacknowledged' },
      });
      // a proposal that waits is listed among them, and is answered with approve or reject
      const alert_ids = alerts
        .filter(
          ({ alert_id, acknowledged_at }) => /^[\da-f-]{36}$/.test(alert_id) && !acknowledged_at,
        )
        .map(({ alert_id }) => alert_id);
      const { acknowledged } =
        options.ack === true && alert_ids.length > 0
          ? await workflow.acknowledgeAlerts({ body: { by: operatorName(), alert_ids } })
          : { acknowledged: [] };
      terminal.result({ alerts, next, acknowledged }, () =>
        describeAlerts(
          alerts,
          { has_more: next !== null, acknowledged: acknowledged.length },
          terminal,
        ),
      );
    });
};
