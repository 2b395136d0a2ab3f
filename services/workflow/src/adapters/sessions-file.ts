import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, describeIssues } from '@catalyst/service-kit';
import { parse } from 'yaml';
import { sessionsConfig, type SessionsConfig } from '../domain/session-windows.ts';

const COMMITTED = join(import.meta.dirname, '../../../../config/sessions.yaml');

/**
 * The session windows: the live copy under CATALYST_HOME where there is one, else the committed
 * defaults. A file that cannot be read as one refuses to start.
 */
export const readSessions = (home: string): SessionsConfig => {
  const live = join(home, 'config', 'sessions.yaml');
  const path = existsSync(live) ? live : COMMITTED;
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError([`${path}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const parsed = sessionsConfig.safeParse(content);
  if (!parsed.success)
    throw new ConfigError([`${path}: ${describeIssues('sessions', parsed.error.issues)}`]);
  return parsed.data;
};
