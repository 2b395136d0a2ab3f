import { riskParameters, type LimitProposal, type RiskParameters } from '@catalyst/contracts';
import { later, stableId } from '@catalyst/domain';
import { AppError, currentContext, describeIssues } from '@catalyst/service-kit';
import { loosens } from '../domain/loosens.ts';
import {
  endLimitProposal,
  findLimitProposal,
  insertLimitProposal,
} from '../store/limit-proposals.ts';
import type { FlowDeps } from './flow-deps.ts';
import { handedOn } from './handed-on.ts';

/** The operator looks once a day at least. */
const LIFETIME_MS = 24 * 3_600_000;

interface Asked {
  value: number | boolean;
  by: string;
  reason: string;
  caller: string;
}

const auditAsk = (deps: FlowDeps, name: string, { value, by, reason }: Omit<Asked, 'caller'>) =>
  deps.database.transaction(async (tx) =>
    deps.audit(tx, {
      on_behalf_of: by,
      action: 'risk_parameter_change_asked',
      subject: name,
      details: { value, reason },
    }),
  );

/** What risk would refuse however often the operator says yes to it is not proposed to him. */
const refuseImpossible = (
  name: keyof RiskParameters,
  value: number | boolean,
  ranges: Partial<Record<keyof RiskParameters, { min: number; max: number }>>,
): void => {
  const { min = -Infinity, max = Infinity } = ranges[name] ?? {};
  const read = riskParameters.shape[name].safeParse(value);
  const isOutside = typeof value === 'number' && (value < min || value > max);
  const fault = isOutside
    ? `from ${min} to ${max}`
    : read.success
      ? null
      : describeIssues('', read.error.issues);
  if (fault !== null)
    throw new AppError('INVALID_RISK_PARAMETER', `${name}: ${fault}, was ${String(value)}`);
};

/**
 * Somebody changes one limit: audited here, checked and versioned by risk. Whoever is not the
 * operator tightens at once and only proposes what loosens.
 */
export const changeLimit = async (deps: FlowDeps, name: string, asked: Asked) => {
  const { database, alerts, clock, risk } = deps;
  const { value, by, reason, caller } = asked;
  await auditAsk(deps, name, asked);
  const { version, parameters, ranges } = await risk.showParameters();
  const old_value = parameters[name as keyof RiskParameters] as number | boolean | undefined;
  const isToPropose =
    caller !== 'cli' &&
    old_value !== undefined &&
    loosens(name as keyof RiskParameters, old_value, value);
  if (!isToPropose) {
    const body = { value, by: handedOn(by), reason };
    return { ...(await risk.updateParameter({ params: { name }, body })), proposal_id: null };
  }
  refuseImpossible(name as keyof RiskParameters, value, ranges);
  const now = clock.now();
  const proposal_id = stableId('limit', name, String(value), currentContext()!.request_id);
  await database.transaction(async (tx) => {
    const row = {
      proposal_id,
      name,
      old_value,
      new_value: value,
      reason,
      asked_by: handedOn(by),
      state: 'waiting' as const,
      created_at: now,
      expires_at: later(now, LIFETIME_MS),
    };
    if (await insertLimitProposal(tx, row))
      alerts.stage(tx, {
        severity: 'warning',
        code: 'LIMIT_PROPOSED',
        subject: name,
        message: `${row.asked_by} wants ${name} to be ${String(value)} instead of ${String(old_value)}: ${reason}; approve or reject ${proposal_id}`,
      });
  });
  return { version, name, old_value, new_value: value, proposal_id };
};

const findWaiting = async (
  { database, clock }: FlowDeps,
  proposal_id: string,
): Promise<LimitProposal> => {
  const proposal = await findLimitProposal(database, proposal_id);
  if (!proposal)
    throw new AppError('NOT_FOUND', `there is no proposal ${proposal_id}`, { proposal_id });
  if (proposal.state !== 'waiting')
    throw new AppError('PROPOSAL_ENDED', `the proposal for ${proposal.name} is ${proposal.state}`, {
      proposal_id,
    });
  if (proposal.expires_at <= clock.now())
    throw new AppError('PROPOSAL_EXPIRED', `the proposal for ${proposal.name} has expired`, {
      proposal_id,
    });
  return proposal;
};

/** The operator's yes: risk checks it against its ranges as any change. */
export const confirmLimit = async (
  deps: FlowDeps,
  proposal_id: string,
  { by, caller }: { by: string; caller: string },
) => {
  if (caller !== 'cli')
    throw new AppError(
      'OPERATOR_ONLY',
      "only the operator confirms a looser limit, with the operator's own key",
    );
  const { name, old_value, new_value, reason } = await findWaiting(deps, proposal_id);
  const { parameters } = await deps.risk.showParameters();
  const current = parameters[name as keyof RiskParameters];
  if (current !== old_value && current !== new_value)
    throw new AppError(
      'PROPOSAL_EXPIRED',
      `${name} is ${String(current)} by now, not ${String(old_value)}: it must be proposed anew`,
      { proposal_id },
    );
  const asked = { value: new_value, by, reason };
  await auditAsk(deps, name, asked);
  const changed = await deps.risk.updateParameter({
    params: { name },
    body: { ...asked, by: handedOn(by) },
  });
  await endLimitProposal(deps.database, proposal_id, 'confirmed', handedOn(by));
  return { ...changed, proposal_id };
};

/** Somebody's no. */
export const rejectLimit = async (
  deps: FlowDeps,
  proposal_id: string,
  { by, reason }: { by: string; reason: string },
): Promise<LimitProposal> => {
  await findWaiting(deps, proposal_id);
  await deps.database.transaction(async (tx) => {
    await endLimitProposal(tx, proposal_id, 'rejected', handedOn(by));
    deps.audit(tx, {
      on_behalf_of: by,
      action: 'limit_proposal_rejected',
      subject: proposal_id,
      details: { reason },
    });
  });
  return (await findLimitProposal(deps.database, proposal_id))!;
};
