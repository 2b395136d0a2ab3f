import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, type Log } from '@catalyst/service-kit';
import { createSourcesFile } from '../services/news/src/adapters/sources-file.ts';
import { createParametersFile } from '../services/risk/src/adapters/parameters-file.ts';
import { createRulesFile } from '../services/scanner/src/adapters/rules-file.ts';
import { readSessions } from '../services/workflow/src/adapters/sessions-file.ts';

const log = { error: () => undefined } as unknown as Log;

/** What reads each committed file, in a home that has no copy of it yet; answers its faults. */
const readers: Record<string, (home: string) => readonly string[]> = {
  'news_sources.yaml': (home) => createSourcesFile(home, log).notes(),
  'risk_parameters.yaml': (home) => {
    const file = createParametersFile(home);
    file.restore(undefined);
    return file.read().faults;
  },
  'scanner.yaml': (home) => createRulesFile(home, log).notes(),
  'sessions.yaml': (home) => (readSessions(home), []),
};

describe('config/', () => {
  it('holds the files that a service reads, and no other', () => {
    expect(readdirSync(resolve(import.meta.dirname, '../config')).sort()).toEqual(
      Object.keys(readers).sort(),
    );
  });
  it.each(Object.entries(readers))(
    '%s is taken as it is by the service that reads it',
    (_, read) => {
      const home = mkdtempSync(join(tmpdir(), 'catalyst-config-'));
      try {
        expect(read(home)).toEqual([]);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  );

  it.each(['risk_parameters.yaml', 'scanner.yaml', 'sessions.yaml'])(
    '%s is refused when it was cut off after any of its lines',
    (name) => {
      const home = mkdtempSync(join(tmpdir(), 'catalyst-config-'));
      const path = join(home, 'config', name);
      const lines = readFileSync(resolve(import.meta.dirname, '../config', name), 'utf8')
        .replace(/(\n#.*|\s)+$/, '') // a comment at its end says nothing
        .split('\n');
      try {
        mkdirSync(join(home, 'config'));
        const taken = lines.flatMap((_, length) => {
          writeFileSync(path, lines.slice(0, length).join('\n'));
          try {
            return readers[name]!(home).length === 0 ? [length] : [];
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigError);
            return [];
          }
        });
        expect(taken).toEqual([]);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  );
});
