import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { DayError } from '../day-error.ts';

export interface LeanTable {
  /** Where it was read, for messages. */
  file: string;
  text: string;
}

/** The CSV files of `factor_files/` or `map_files/`, one for each company, by the company's last ticker in small letters. */
export interface LeanTables {
  read(name: string): Promise<LeanTable | null>;
  names(): Promise<string[]>;
}

const listFolder = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
};

const unzip = (path: string, content: Uint8Array, wanted: (name: string) => boolean): Record<string, Uint8Array> => {
  try {
    return unzipSync(content, { filter: ({ name }) => wanted(name) });
  } catch (error) {
    throw new DayError({ file: path, line: null, column: null, was: (error as Error).message, expected: 'a zip file' });
  }
};

/** Opens a folder of loose CSV files, or the newest of the zips into which LEAN's downloads pack them (`map_files_20240102.zip`). A missing folder holds nothing. */
export const openLeanTables = async (folder: string): Promise<LeanTables> => {
  const entries = await listFolder(folder);
  const loose = new Set(entries.filter((name) => name.endsWith('.csv')));
  const zip = entries.filter((name) => /_\d{8}\.zip$/.test(name)).at(-1);
  if (loose.size > 0 || zip === undefined) {
    return {
      read: async (name) => (loose.has(`${name}.csv`) ? { file: join(folder, `${name}.csv`), text: await readFile(join(folder, `${name}.csv`), 'utf8') } : null),
      names: async () => [...loose].map((name) => name.slice(0, -'.csv'.length)),
    };
  }
  const path = join(folder, zip);
  const content = await readFile(path);
  return {
    read: async (name) => {
      const found = unzip(path, content, (one) => one === `${name}.csv`)[`${name}.csv`];
      return found ? { file: `${path}, ${name}.csv`, text: strFromU8(found) } : null;
    },
    names: async () => {
      const names: string[] = [];
      unzip(path, content, (name) => {
        if (name.endsWith('.csv')) names.push(name.slice(0, -'.csv'.length));
        return false;
      });
      return names.sort();
    },
  };
};
