import { statfsSync } from 'node:fs';
import { describeShortage } from '@catalyst/domain';

/** What is missing on the disk of this folder, in words; null where there is space enough. */
export const findShortage = (folder: string): string | null => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return describeShortage(folder, bavail * bsize);
  } catch (error) {
    return `${folder} cannot be read: ${(error as Error).message}`;
  }
};
