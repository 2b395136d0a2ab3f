import { unzipSync } from 'fflate';
import { DayError } from '../day-error.ts';

/** The files of a zip that are wanted; DayError where it is none. */
export const unzip = (
  path: string,
  content: Uint8Array,
  wanted: (name: string) => boolean = () => true,
): Record<string, Uint8Array> => {
  try {
    return unzipSync(content, { filter: ({ name }) => wanted(name) });
  } catch (error) {
    throw new DayError({
      file: path,
      line: null,
      column: null,
      was: (error as Error).message,
      expected: 'a zip file',
    });
  }
};
