import { riskParameters, riskStatus } from '@catalyst/contracts';
import { decimalString, Exact } from '@catalyst/domain';
import { z } from 'zod';
import { URI } from '../domain/affected-resources.ts';
import { riskLines } from '../domain/risk-words.ts';
import type { Services } from '../services.ts';
import { fixedView } from './resource-view.ts';
import { ACTS, defineTool, READS, reasonInput } from './tool.ts';

const limitValue = z.union([z.number(), z.boolean()]);

/** Limits: how much of each is used, and how they are changed. */
export const createRiskTools = ({ workflow, risk }: Pick<Services, 'workflow' | 'risk'>) => [
  defineTool({
    name: 'get_risk_status',
    title: 'Show the risk status',
    description:
      "How much can be lost, and whether trading is halted and why: the day's profit and loss against its limit, what it would come to if every stop were hit, exposure, how much room each limit leaves, and the range in which each may be set.",
    scope: 'read',
    input: z.strictObject({}),
    output: z.object({
      status: riskStatus.omit({ trading_state: true, reason: true, parameters_version: true }),
      /** The day's result if every stop were hit now; null while the account has not been read. */
      day_if_every_stop_is_hit_usd: decimalString.nullable(),
      limits: z.record(
        z.string(),
        z.object({ value: limitValue, min: z.number().optional(), max: z.number().optional() }),
      ),
    }),
    annotations: READS,
    resources: [
      fixedView(URI.risk, {
        name: 'risk-status',
        title: 'Risk status',
        description: 'The day against its limits, what every stop would cost, the room left.',
      }),
    ],
    run: async () => {
      const { status, limits } = await risk.showLimits();
      const { parameters, ranges, warnings } = limits;
      const worst =
        status.daily_pnl_usd === null
          ? null
          : new Exact(status.daily_pnl_usd).minus(status.open_risk_usd).toFixed();
      return {
        text: riskLines(status, worst, parameters, warnings).join('\n'),
        data: {
          status,
          day_if_every_stop_is_hit_usd: worst,
          limits: Object.fromEntries(
            Object.entries(parameters).map(([name, value]) => [
              name,
              { value, ...ranges[name as keyof typeof ranges] },
            ]),
          ),
        },
      };
    },
  }),
  defineTool({
    name: 'update_risk_parameter',
    title: 'Change a risk limit',
    description:
      'Changes one limit. What tightens it is done at once; what loosens it is only proposed, and the operator confirms it. Units are in the names: _usd dollars, _ratio 0 to 1, _seconds. get_risk_status tells the values and the range of each.',
    scope: 'propose',
    input: z.strictObject({
      name: riskParameters.keyof(),
      value: limitValue,
      reason: reasonInput,
    }),
    output: z.object({
      status: z.enum(['changed', 'proposed']),
      name: z.string(),
      old_value: limitValue,
      new_value: limitValue,
      proposal_id: z.string().nullable(),
    }),
    annotations: { ...ACTS, idempotentHint: true, openWorldHint: false },
    run: async ({ name, value, reason }, { by }) => {
      const change = await workflow.updateRiskParameter({
        params: { name },
        body: { value, by, reason },
      });
      const isChanged = change.proposal_id === null;
      return {
        text: isChanged
          ? `${change.name} was ${change.old_value} and is ${change.new_value} now.`
          : `${change.name} is still ${change.old_value}. Changing it to ${change.new_value} lets the desk risk more: it is proposed, and the operator must confirm it (proposal ${change.proposal_id}).`,
        data: { status: isChanged ? ('changed' as const) : ('proposed' as const), ...change },
      };
    },
  }),
];
