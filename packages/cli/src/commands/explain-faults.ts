import { UsageError } from '../exit-codes.ts';

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const NO_ENTRY: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'a read-only file system',
  ENOTDIR: 'a file stands where a folder should',
};

/**
 * Runs what reads or writes days. What the simulator calls a RangeError is a wrong argument here; a
 * full disk or a folder that cannot be used is told in a sentence.
 */
export const explainFaults = async <T>(act: () => T | Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RangeError)
      throw new UsageError(
        error.message.replace(
          /^out_dir must be absent or an empty folder, (.*) is not empty$/,
          '$1 is not empty; name a new folder with --out',
        ),
      );
    const { code = '', path } = error as NodeJS.ErrnoException;
    if (NO_SPACE.has(code)) {
      const { PlatformError } = await import('@catalyst/platform');
      throw new PlatformError(
        `the disk is full${path === undefined ? '' : `: ${path} could not be written`}; make room and give the same command again`,
        { exit_code: 1, cause: error },
      );
    }
    const reason = NO_ENTRY[code];
    if (reason !== undefined)
      throw new UsageError(`${path ?? 'a folder'} cannot be used: ${reason}`);
    throw error;
  }
};
