import type { RiskParameters } from '@catalyst/contracts';
import { canonicalJson, stableId } from '@catalyst/domain';
import {
  AppError,
  ConfigError,
  createTurns,
  type Alerts,
  type Clock,
  type Log,
  type RecordAudit,
} from '@catalyst/service-kit';
import { findIdleLimits } from '../domain/dead-limits.ts';
import type { ParametersFile } from '../adapters/parameters-file.ts';
import {
  checkParameters,
  PARAMETER_RANGES,
  tooLargeForAccount,
} from '../domain/parameter-ranges.ts';
import type { AccountFacts } from '../domain/review/risk-facts.ts';
import type { Store } from '../store/create-store.ts';

interface Deps {
  store: Store;
  clock: Clock;
  alerts: Alerts;
  audit: RecordAudit;
  log: Log;
  file: ParametersFile;
}

/**
 * Keeps the limits in force: file and tools may change them, each change is a version with who,
 * when, old and new.
 */
export const keepParameters = async ({ store, clock, alerts, audit, log, file }: Deps) => {
  let current: { version: number; parameters: RiskParameters };
  let faults: readonly string[] = [];
  // what the account does not bear of the limits that are stored
  let tightened: readonly string[] = [];
  // one change after the other: a tool's change writes the file, which is noticed as a change of
  // the file
  const inTurn = createTurns();

  const saveVersion = async (
    parameters: RiskParameters,
    by: string,
    reason: string,
    change: { name: string | null; old_value: unknown; new_value: unknown },
  ): Promise<void> => {
    const version = await store.transaction(async (tx) => {
      await store.lockReviews(tx);
      const at = clock.latest();
      const added = await store.addParameters(tx, parameters, { ...change, by, reason, at });
      return added;
    });
    current = { version, parameters };
    faults = [];
    log.info('risk_parameters_changed', { version, by, ...change });
  };

  const stored = await store.readParameters();
  file.restore(stored?.parameters);
  const first = file.read();
  if (!first.parameters)
    throw new ConfigError(first.faults.map((fault) => `${file.path}: ${fault}`));
  if (stored && canonicalJson(stored.parameters) === canonicalJson(first.parameters))
    current = stored;
  else
    await saveVersion(
      first.parameters,
      'file',
      stored ? 'file changed while the service was away' : 'first limits',
      { name: null, old_value: stored?.parameters, new_value: first.parameters },
    );

  const reload = (): Promise<void> =>
    inTurn(async () => {
      const reading = file.read();
      const { account } = await store.readStanding(store, clock.latest());
      const isChanged = canonicalJson(reading.parameters) !== canonicalJson(current.parameters);
      if (reading.parameters && isChanged)
        reading.faults.push(
          ...tooLargeForAccount(reading.parameters, account).map(({ fault }) => fault),
        );
      if (!reading.parameters || reading.faults.length > 0) {
        faults = reading.faults;
        log.error('risk_parameters_refused', { path: file.path, faults });
        return;
      }
      if (!isChanged) faults = [];
      else
        await saveVersion(reading.parameters, 'file', 'file saved', {
          name: null,
          old_value: current.parameters,
          new_value: reading.parameters,
        });
      if (isChanged) await tellIdle();
    });
  const warningsAt = (equity_usd: string | null): string[] =>
    equity_usd === null ? [] : findIdleLimits(current.parameters, equity_usd);
  /** What of the limits makes another idle on the account as it is. */
  const warnings = async (): Promise<string[]> => {
    const { account } = await store.readStanding(store, clock.latest());
    return warningsAt(account?.equity_usd ?? null);
  };
  const tellIdle = async (): Promise<void> => {
    for (const warning of await warnings()) log.warn('risk_parameters_idle', { warning });
  };
  await tellIdle();

  const stopWatching = file.watch(
    () =>
      void reload().catch((error: unknown) => log.error('risk_parameters_not_reloaded', { error })),
  );

  return {
    parameters: (): RiskParameters => current.parameters,
    /** The same for an account: what is too large for it is lowered to what it bears. */
    parametersFor: (account: AccountFacts | null): RiskParameters => {
      const tooLarge = tooLargeForAccount(current.parameters, account);
      tightened = tooLarge.map(({ fault, most }) => `${fault}: ${most} is in force`);
      return {
        ...current.parameters,
        ...Object.fromEntries(tooLarge.map(({ name, most }) => [name, most])),
      };
    },
    version: (): number => current.version,
    warnings,
    /** The same of an account whose equity is known; null where it has not been read. */
    warningsAt,
    /** Why the file that is there is not in force; empty when it is. */
    notes: (): string[] => [
      ...faults.map((fault) => `risk_parameters.yaml is not in force: ${fault}`),
      ...tightened,
    ],
    stop: stopWatching,

    updateParameter: (name: string, value: number | boolean, by: string, reason: string) =>
      inTurn(async () => {
        if (!(name in current.parameters))
          throw new AppError(
            'INVALID_RISK_PARAMETER',
            `${name} is not a risk parameter; there are ${Object.keys(current.parameters).join(', ')}`,
            { name },
          );
        const key = name as keyof RiskParameters;
        const old = current.parameters[key]!;
        if (old === value)
          return { version: current.version, name, old_value: old, new_value: value };
        const checked = checkParameters({ ...current.parameters, [name]: value });
        if (!checked.parameters)
          throw new AppError('INVALID_RISK_PARAMETER', checked.faults.join('; '), {
            name,
            value,
            old_value: old,
            range: key === 'allow_short' ? null : PARAMETER_RANGES[key],
          });
        const { account } = await store.readStanding(store, clock.latest());
        const tooLarge = tooLargeForAccount(checked.parameters, account).find(
          (one) => one.name === name,
        );
        if (tooLarge)
          throw new AppError('INVALID_RISK_PARAMETER', tooLarge.fault, {
            name,
            value,
            old_value: old,
          });
        const at = clock.now();
        const version = await store.transaction(async (tx) => {
          await store.lockReviews(tx);
          const added = await store.addParameters(tx, checked.parameters, {
            name,
            old_value: old,
            new_value: value,
            by,
            reason,
            at,
          });
          audit(tx, {
            on_behalf_of: by,
            action: 'risk_parameter_changed',
            subject: name,
            details: { old_value: old, new_value: value, reason },
          });
          const message = `${name} changed from ${String(old)} to ${String(value)} by ${by}: ${reason}`;
          await store.addEvent(tx, {
            event_id: stableId('risk_parameter', added),
            cycle_id: null,
            severity: 'info',
            code: 'RISK_PARAMETER_CHANGED',
            message,
            used_ratio: null,
            at,
          });
          alerts.stage(tx, {
            severity: 'info',
            code: 'RISK_PARAMETER_CHANGED',
            message,
            subject: name,
          });
          return added;
        });
        current = { version, parameters: checked.parameters };
        file.set(name, value);
        await tellIdle();
        return { version, name, old_value: old, new_value: value };
      }),
  };
};
