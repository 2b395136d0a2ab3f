import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, describeIssues, messageOf } from '@catalyst/service-kit';
import { parse } from 'yaml';
import { z } from 'zod';
import type { NeighbourConfig } from '../domain/contradictions.ts';
import { sessionsConfig, type SessionsConfig } from '../domain/session-windows.ts';

const COMMITTED = join(import.meta.dirname, '../../../../config');

/** The live copy under CATALYST_HOME where there is one, else the committed defaults. */
const readFile = <S extends z.ZodType>(home: string, name: string, schema: S): z.output<S> => {
  const live = join(home, 'config', `${name}.yaml`);
  const path = existsSync(live) ? live : join(COMMITTED, `${name}.yaml`);
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8')) ?? {};
  } catch (error) {
    throw new ConfigError([`${path}: ${messageOf(error)}`]);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success)
    throw new ConfigError([`${path}: ${describeIssues(name, parsed.error.issues)}`]);
  return parsed.data;
};

/** The session windows. A file that cannot be read as one refuses to start. */
export const readSessions = (home: string): SessionsConfig =>
  readFile(home, 'sessions', sessionsConfig);

// the rest of these files is their owners' to judge, and so is a file that cannot be read
const riskLimits = z.object({ max_positions: z.number(), min_reward_to_risk: z.number() });
const scannerRules = z.object({
  ranking: z.object({ min_reward_to_risk: z.number().default(2) }).prefault({}),
});

/** What the files of risk and the scanner say that may contradict; null where one is broken. */
export const readNeighbours = (home: string): NeighbourConfig | null => {
  try {
    const { max_positions, min_reward_to_risk } = readFile(home, 'risk_parameters', riskLimits);
    const { ranking } = readFile(home, 'scanner', scannerRules);
    return {
      max_positions,
      min_reward_to_risk: { risk: min_reward_to_risk, scanner: ranking.min_reward_to_risk },
    };
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
};
