import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strFromU8 } from 'fflate';
import { unzip } from './unzip.ts';

export interface LeanTable {
  /** Where it was read, for messages. */
  file: string;
  text: string;
}

/**
 * The CSV files of `factor_files/` or `map_files/`, one for each company, by the company's last
 * ticker in small letters.
 */
export interface LeanTables {
  read(name: string): Promise<LeanTable | null>;
  /** Every one, each read anew: for whoever looks for what no name tells. */
  all(): Promise<(LeanTable & { name: string })[]>;
}

const listFolder = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
};

/**
 * Opens a folder of loose CSV files, or the newest of the zips into which LEAN's downloads pack
 * them (`map_files_20240102.zip`). A missing folder holds nothing.
 */
export const openLeanTables = async (folder: string): Promise<LeanTables> => {
  const entries = await listFolder(folder);
  const loose = new Set(entries.filter((name) => name.endsWith('.csv')));
  const zip = entries.filter((name) => /_\d{8}\.zip$/.test(name)).at(-1);
  const nameOf = (file: string): string => file.slice(0, -'.csv'.length);
  const byName = (left: { name: string }, right: { name: string }): number =>
    left.name < right.name ? -1 : 1;
  if (loose.size > 0 || zip === undefined) {
    const readLoose = async (file: string): Promise<LeanTable> => ({
      file: join(folder, file),
      text: await readFile(join(folder, file), 'utf8'),
    });
    return {
      read: async (name) => (loose.has(`${name}.csv`) ? readLoose(`${name}.csv`) : null),
      all: async () => {
        const tables = [];
        for (const file of loose) tables.push({ name: nameOf(file), ...(await readLoose(file)) });
        return tables.sort(byName);
      },
    };
  }
  const path = join(folder, zip);
  const content = await readFile(path);
  const readPacked = (wanted: (file: string) => boolean) =>
    Object.entries(unzip(path, content, wanted)).map(([file, bytes]) => ({
      name: nameOf(file),
      file: `${path}, ${file}`,
      text: strFromU8(bytes),
    }));
  return {
    read: async (name) => readPacked((file) => file === `${name}.csv`)[0] ?? null,
    all: async () => readPacked((file) => file.endsWith('.csv')).sort(byName),
  };
};
