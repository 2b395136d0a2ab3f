import { mkdirSync, statfsSync } from 'node:fs';
import { describeShortage } from '@catalyst/domain';
import { PlatformError } from './platform-error.ts';

/** What is missing where a desk keeps its data; null where there is space enough. */
export const findShortage = (folder: string): string | null => {
  const { bavail, bsize } = statfsSync(folder);
  return describeShortage(folder, bavail * bsize);
};

/** A folder that takes no file, told to a person. */
export const unwritable = (folder: string, error: unknown): PlatformError =>
  new PlatformError(
    `${folder} cannot be written (${(error as Error).message}): free disk space, or set CATALYST_HOME to a folder of your own`,
    { cause: error },
  );

/** Makes the folder, or says in one sentence why not. */
export const makeFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
};
