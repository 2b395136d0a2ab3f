import { riskParameters } from '@catalyst/contracts';
import { z } from 'zod';
import { dollars, percent } from '../domain/wording.ts';
import type { Services } from '../services.ts';
import { ACTS, defineTool, READS, reasonInput } from './tool.ts';

export const createRiskTools = ({ workflow, risk }: Pick<Services, 'workflow' | 'risk'>) => [
  defineTool({
    name: 'update_risk_parameter',
    title: 'Change a risk limit',
    description:
      'Changes one limit, within a range that no tool can leave. What tightens it is done at once; what loosens it is proposed, and only the operator confirms it. Units are in the names: _usd dollars, _ratio 0 to 1, _seconds. The change is kept as a version with who and why.',
    input: z.strictObject({
      name: riskParameters.keyof(),
      value: z.union([z.number(), z.boolean()]),
      reason: reasonInput,
    }),
    annotations: { ...ACTS, idempotentHint: true, openWorldHint: false },
    run: async ({ name, value, reason }, { by }) => {
      const change = await workflow.updateRiskParameter({
        params: { name },
        body: { value, by, reason },
      });
      return {
        text:
          change.proposal_id === null
            ? `${change.name} was ${change.old_value} and is ${change.new_value} now (version ${change.version}).`
            : `${change.name} is still ${change.old_value}. Changing it to ${change.new_value} lets the desk risk more: it is proposed, and an operator must confirm it (proposal ${change.proposal_id}).`,
        data: { ...change },
      };
    },
  }),
  defineTool({
    name: 'get_risk_status',
    title: 'Show the risk status',
    description:
      'The trading state, the profit and loss of the day against its limit, positions, exposure, and every limit in force.',
    input: z.strictObject({}),
    annotations: READS,
    run: async () => {
      const [status, { version, parameters }] = await Promise.all([
        risk.showStatus(),
        risk.showParameters(),
      ]);
      return {
        text: [
          `Trading is ${status.trading_state}.`,
          `Day: ${status.daily_pnl_usd === null ? 'the account has not been read' : dollars(status.daily_pnl_usd)}; ${percent(status.daily_loss_used_ratio)} of the ${dollars(status.daily_loss_limit_usd)} loss limit used.`,
          `${status.open_positions} of ${status.max_positions} positions, exposure ${dollars(status.exposure_usd)}.`,
          ...status.limits_in_part.map(
            ({ limit, reason }) => `${limit} is not checked in full: ${reason}.`,
          ),
        ].join('\n'),
        data: { status, parameters_version: version, parameters },
      };
    },
  }),
];
