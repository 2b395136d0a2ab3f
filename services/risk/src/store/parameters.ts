import type { RiskParameters } from '@catalyst/contracts';
import type { Database, Queryable } from '@catalyst/service-kit';

export interface ParametersRow {
  version: number;
  parameters: RiskParameters;
}
export interface ParametersChange {
  name: string | null;
  old_value: unknown;
  new_value: unknown;
  by: string;
  reason: string;
  at: string;
}

/** The limits in force, each change a version. */
export const createParameterStore = (database: Database) => ({
  readParameters: async (db: Queryable = database): Promise<ParametersRow | undefined> =>
    (
      await db.query<ParametersRow>(
        'SELECT version, parameters FROM risk_parameters ORDER BY version DESC LIMIT 1',
      )
    )[0],

  addParameters: async (
    tx: Queryable,
    parameters: RiskParameters,
    { name, old_value, new_value, by, reason, at }: ParametersChange,
  ): Promise<number> => {
    const [row] = await tx.query<{ version: number }>(
      `INSERT INTO risk_parameters (version, parameters, changed_name, old_value, new_value,
         changed_by, reason, changed_at)
       SELECT coalesce(max(version), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM risk_parameters
       RETURNING version`,
      [
        JSON.stringify(parameters),
        name,
        JSON.stringify(old_value ?? null),
        JSON.stringify(new_value ?? null),
        by,
        reason,
        at,
      ],
    );
    return row!.version;
  },
});
