import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DayKind } from './day.ts';
import { DAY_FILES } from './day-files.ts';
import { readDayJson } from './read-day-json.ts';

export interface DaySummary {
  name: string;
  dir: string;
  trade_date: string;
  kind: DayKind;
  description: string;
}

/**
 * The days below a folder, by name: every subfolder with a `day.json`. Only that file is read; a
 * wrong one is an error, not a missing day.
 */
export async function listDays(dir: string): Promise<DaySummary[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const days: DaySummary[] = [];
  for (const name of names) {
    const folder = join(dir, name);
    if (!(await readdir(folder)).includes(DAY_FILES.day)) continue;
    const file = join(folder, DAY_FILES.day);
    const { trade_date, kind, description } = readDayJson(await readFile(file, 'utf8'), file);
    days.push({ name, dir: folder, trade_date, kind, description });
  }
  return days;
}
