import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, startCutOff, type TestDatabase } from '@catalyst/testkit';
import { AppError, type Log, systemClock } from '@catalyst/runtime';
import { createJournalRow, storeJournalRows, type AuditRow } from '../src/storage/audit.ts';
import { createDatabase } from '../src/storage/database.ts';
import { createJournal, type Journal } from '../src/storage/journal.ts';

interface Entry {
  n: number;
}
const ROOT = join(import.meta.dirname, '../../..');
const lines: string[] = [];
const note = (event: string) => void lines.push(event);
const log: Log = { debug: note, info: note, warn: note, error: note };
const away = new AppError('SERVICE_UNAVAILABLE', 'the database does not answer');
let folder: string;
let path: string;
let taken: number[];
let refuse: (entries: readonly Entry[]) => void;
const open: { close(): Promise<void> }[] = [];

const start = (): Journal<Entry> => {
  const journal = createJournal<Entry>({
    path,
    log,
    every_ms: 1e6,
    take: async (entries) => {
      refuse(entries);
      taken.push(...entries.map(({ n }) => n));
    },
  });
  open.push(journal);
  return journal;
};
const onDisk = (): number[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => (line ? [(JSON.parse(line) as Entry).n] : []));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalyst-journal-'));
  path = join(folder, 'journal', 'workflow', 'audit.jsonl');
  taken = [];
  lines.length = 0;
  refuse = () => {};
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

describe('the journal', () => {
  it('is on the disk, for its owner alone, before the act; what is taken leaves it', async () => {
    const journal = start();
    journal.note({ n: 1 });
    expect(onDisk()).toEqual([1]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    journal.note({ n: 2 });
    await journal.settle();
    expect([taken, onDisk()]).toEqual([[1, 2], []]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps what is not taken, says so once, and hands it over in order when it can', async () => {
    const journal = start();
    refuse = () => {
      throw away;
    };
    journal.note({ n: 1 });
    await journal.settle();
    journal.note({ n: 2 });
    await journal.settle();
    expect([journal.refused(), lines]).toEqual([2, ['journal_waits']]);
    refuse = () => {};
    await journal.settle();
    expect([journal.refused(), taken, onDisk()]).toEqual([0, [1, 2], []]);
  });

  const startProgram = (work: string) =>
    spawn(
      join(ROOT, 'node_modules/.bin/node'),
      [
        '--input-type=module',
        '-e',
        `import { createJournal } from ${JSON.stringify(join(ROOT, 'packages/service-kit/src/storage/journal.ts'))};
        const start = (take) => createJournal({ path: process.argv[1], take, log: console });
        ${work}`,
        path,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'], cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '' } },
    );

  it('hands over after a kill -9 what the killed process had noted, and nothing of a line that was cut', async () => {
    const child = startProgram(`
      const journal = start(async () => {});
      for (const n of [1, 2, 3]) journal.note({ n });
      process.kill(process.pid, 'SIGKILL');`);
    const signal = await new Promise((resolve) => child.once('exit', (_, why) => resolve(why)));
    expect(signal).toBe('SIGKILL');
    appendFileSync(path, '{"n":4');
    const journal = start();
    journal.note({ n: 5 });
    await journal.settle();
    expect([taken, onDisk()]).toEqual([[1, 2, 3, 5], []]);
  });

  it('leaves what another copy of the service has noted meanwhile', async () => {
    start().note({ n: 1 });
    const second = start();
    start().note({ n: 2 });
    await second.settle();
    expect([taken, onDisk()]).toEqual([[1], [2]]);
  });

  it('reads what a copy notes behind a line that the end of another cut off', async () => {
    const survivor = start();
    survivor.note({ n: 1 });
    appendFileSync(path, '{"n":');
    survivor.note({ n: 2 });
    await start().settle();
    expect(taken).toEqual([1, 2]);
  });

  it('loses nothing of a killed copy while another takes out what was taken, in two processes', async () => {
    const busy = startProgram(`
      const journal = start(async () => {});
      for (let n = 1e6; ; n += 1) {
        journal.note({ n });
        await journal.settle();
        if (n === 1e6 + 20) console.log('runs');
      }`);
    await new Promise((resolve) => busy.stdout.once('data', resolve));
    const killed = startProgram(`
      const journal = start(async () => { throw new Error('away'); });
      for (let n = 1; n <= 400; n += 1) journal.note({ n });
      process.kill(process.pid, 'SIGKILL');`);
    await new Promise((resolve) => killed.once('exit', resolve));
    const gone = new Promise((resolve) => busy.once('exit', resolve));
    busy.kill('SIGKILL');
    await gone;
    const journal = start();
    // a kill may hand many over more than once
    while (onDisk().length > 0) await journal.settle();
    const found = new Set(taken);
    expect(
      Array.from({ length: 400 }, (_, index) => index + 1).filter((n) => !found.has(n)),
    ).toEqual([]);
  });

  it('lets one entry that is refused for itself hold no other up', async () => {
    const journal = start();
    refuse = (entries) => {
      if (entries.some(({ n }) => n === 2)) throw new Error('a bad row');
    };
    for (const n of [1, 2, 3]) journal.note({ n });
    await journal.settle();
    expect([taken, onDisk(), journal.refused()]).toEqual([[1, 3], [2], 1]);
  });

  it('keeps nobody from a stop where the disk takes nothing', async () => {
    writeFileSync(join(folder, 'journal'), 'a file where the folder should be');
    const journal = start();
    journal.note({ n: 1 });
    expect(lines).toEqual(['journal_not_written']);
    await journal.settle();
    expect(taken).toEqual([1]);
  });
});

describe('the journal of the audit', () => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await createTestDatabase();
  });
  afterEach(() => test.drop());

  it('has one row for each act when the database is back, also where a crash hands it over twice', async () => {
    const network = await startCutOff(test.url);
    const database = createDatabase(network.url, { log, application_name: 'catalyst-test' });
    const rowOf = createJournalRow('workflow', systemClock);
    const begin = () => {
      const journal = createJournal<AuditRow>({
        path,
        log,
        every_ms: 1e6,
        take: (rows) => storeJournalRows(database, 'workflow', rows),
      });
      open.push(journal);
      return journal;
    };
    const entry = { actor: 'cli', on_behalf_of: 'ann', action: 'halt_asked', subject: 'desk' };
    const journal = begin();
    network.cut();
    journal.note(rowOf(entry));
    journal.note(rowOf({ ...entry, subject: 'once' }, 'the same request'));
    journal.note(rowOf({ ...entry, subject: 'once' }, 'the same request'));
    await journal.settle();
    expect(journal.refused()).toBe(3);
    const before = readFileSync(path, 'utf8');
    network.mend();
    await journal.settle();
    writeFileSync(path, before);
    await begin().settle();
    expect(
      await test.database.query('SELECT seq, actor, on_behalf_of, action, subject FROM audit_log'),
    ).toEqual([
      { seq: 1, ...entry, subject: 'desk' },
      { seq: 2, ...entry, subject: 'once' },
    ]);
    await database.close();
    await network.close();
  });
});
