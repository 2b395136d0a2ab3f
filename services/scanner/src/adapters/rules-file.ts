import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError, describeIssues, type Log } from '@catalyst/service-kit';
import { parseDocument } from 'yaml';
import { funnelRules, type FunnelRules } from '../domain/funnel-rules.ts';

const COMMITTED = join(import.meta.dirname, '../../../../config/scanner.yaml');

/** What the committed file has had from the first, from its top to its last line. */
const ALWAYS_THERE = {
  '': ['catalyst', 'technical', 'pattern', 'ranking', 'weights'],
  weights: ['catalyst', 'technical', 'pattern', 'volume'],
};

/** What a file lacks that was cut off while it was written; a threshold by itself may be left out. */
const missingFrom = (content: unknown): string[] =>
  Object.entries(ALWAYS_THERE).flatMap(([section, names]) => {
    const there = section === '' ? content : (content as Record<string, unknown> | null)?.[section];
    return names
      .filter((name) => typeof there !== 'object' || there === null || !(name in there))
      .map((name) => (section === '' ? name : `${section}.${name}`));
  });

const readRules = (path: string): { rules: FunnelRules } | { fault: string } => {
  const document = parseDocument(readFileSync(path, 'utf8'));
  const [broken] = document.errors;
  if (broken) return { fault: broken.message.split('\n')[0]! };
  const content: unknown = document.toJS();
  const missing = missingFrom(content);
  // defaults in the place of what somebody had made stricter would be looser, and nobody would know
  if (missing.length > 0) return { fault: `half-written: ${missing.join(', ')} missing` };
  const parsed = funnelRules.safeParse(content);
  return parsed.success
    ? { rules: parsed.data }
    : { fault: describeIssues('file', parsed.error.issues) };
};

/**
 * The funnel's thresholds as a file that a person edits; read again when it was saved.
 * @throws ConfigError when the file is bad at the start; later a bad file keeps the old values
 */
export const createRulesFile = (home: string, log: Log) => {
  const path = join(home, 'config', 'scanner.yaml');
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) copyFileSync(COMMITTED, path);
  const first = readRules(path);
  if ('fault' in first) throw new ConfigError([`${path}: ${first.fault}`]);
  let current = first.rules;
  let readOf = statSync(path).mtimeMs;
  let fault: string | null = null;

  const refresh = (): void => {
    const saved = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (saved === readOf) return;
    const reading = saved === undefined ? { fault: 'the file is gone' } : readRules(path);
    readOf = saved ?? 0;
    fault = 'fault' in reading ? reading.fault : null;
    if ('rules' in reading) current = reading.rules;
    else log.error('scanner_rules_refused', { path, fault });
  };

  return {
    rules: (): FunnelRules => {
      refresh();
      return current;
    },
    /** Why the file that is there is not in force; empty when it is. */
    notes: (): string[] => {
      refresh();
      return fault === null ? [] : [`scanner.yaml is not in force: ${fault}`];
    },
  };
};
