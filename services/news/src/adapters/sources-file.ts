import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError, describeIssues, type Log } from '@catalyst/service-kit';
import { parseDocument } from 'yaml';
import { sourceTiers, type SourceTiers } from '../domain/source-tiers.ts';

const COMMITTED = join(import.meta.dirname, '../../../../config/news_sources.yaml');

const readTiers = (path: string): { tiers: SourceTiers } | { fault: string } => {
  const document = parseDocument(readFileSync(path, 'utf8'));
  const [broken] = document.errors;
  if (broken) return { fault: broken.message.split('\n')[0]! };
  const parsed = sourceTiers.safeParse(document.toJS());
  return parsed.success
    ? { tiers: parsed.data }
    : { fault: describeIssues('file', parsed.error.issues) };
};

/**
 * The sources' tiers as a file that a person edits; read again when it was saved.
 * @throws ConfigError when the file is bad at the start; later a bad file keeps the old values
 */
export const createSourcesFile = (home: string, log: Log) => {
  const path = join(home, 'config', 'news_sources.yaml');
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) copyFileSync(COMMITTED, path);
  const first = readTiers(path);
  if ('fault' in first) throw new ConfigError([`${path}: ${first.fault}`]);
  let current = first.tiers;
  let readOf = statSync(path).mtimeMs;
  let fault: string | null = null;

  const refresh = (): void => {
    const saved = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (saved === readOf) return;
    const reading = saved === undefined ? { fault: 'the file is gone' } : readTiers(path);
    readOf = saved ?? 0;
    fault = 'fault' in reading ? reading.fault : null;
    if ('tiers' in reading) current = reading.tiers;
    else log.error('news_sources_refused', { path, fault });
  };

  return {
    tiers: (): SourceTiers => {
      refresh();
      return current;
    },
    /** Why the file that is there is not in force; empty when it is. */
    notes: (): string[] => (fault === null ? [] : [`news_sources.yaml is not in force: ${fault}`]),
  };
};
