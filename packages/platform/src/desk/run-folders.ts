import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  identifyProcess,
  isSameProcess,
  type ProcessIdentity,
} from '../processes/process-identity.ts';

const kept_runs = 5;
const owner_file = 'owner.json';

/** A name for a run that sorts by its start: 20261121_093012_4f1c. */
export const createRunId = (now: Date): string =>
  `${now.toISOString().slice(0, 19).replace('T', '_').replaceAll(/[-:]/g, '')}_${randomBytes(2).toString('hex')}`;

const runsFolder = (home: string): string => join(home, 'runs');

const isAlive = (folder: string): boolean => {
  const path = join(folder, owner_file);
  return (
    existsSync(path) && isSameProcess(JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity)
  );
};

/** The folders of earlier and present runs, oldest first. */
export const listRunFolders = (home: string): string[] =>
  existsSync(runsFolder(home))
    ? readdirSync(runsFolder(home))
        .sort()
        .map((name) => join(runsFolder(home), name))
    : [];

/** Makes the folder of a new replay, and removes the oldest of those that have ended. */
export const createRunFolder = (home: string, run_id: string): string => {
  const ended = listRunFolders(home).filter((folder) => !isAlive(folder));
  for (const folder of ended.slice(0, Math.max(0, ended.length - kept_runs + 1)))
    rmSync(folder, { recursive: true, force: true });
  const folder = join(runsFolder(home), run_id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, owner_file), JSON.stringify(identifyProcess(process.pid)));
  return folder;
};
