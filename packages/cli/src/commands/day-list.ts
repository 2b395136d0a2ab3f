import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { summarise, type Summary } from './day-summary.ts';
import { typed } from '../typed.ts';

type Found = { name: string; dir: string; place: 'bundled' | 'own' };
type Row = (Found & Summary & { fault: null }) | (Found & { fault: string });

const isDay = (dir: string): boolean => existsSync(join(dir, 'day.json'));

/** The folder itself where it is a day, and the days right below it. */
const daysIn = (folder: string, place: Found['place']): Found[] => {
  const below = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(folder, name))
    .sort();
  return [folder, ...below]
    .filter(isDay)
    .map((dir) => ({ name: relative(folder, dir) || '.', dir, place }));
};

const describeRow = (row: Row): string[] => {
  if (row.fault !== null) return [row.name, '', row.place, '', '', '', row.fault];
  return [
    row.name,
    row.trade_date,
    row.place,
    String(row.securities),
    String(row.minute_bars),
    String(row.articles),
    row.description,
  ];
};

/** `catalyst day list`: the days that ship with the project and one's own. */
export const addDayList = (day: Command): void => {
  addVerb(
    day,
    'list',
    'list the days that ship with the project and those in a folder, with what is in them',
  )
    .argument('[folder]', 'where your own days lie; otherwise here')
    .action(async (folder: string | undefined, options: { json?: boolean }) => {
      const own = resolve(folder ?? '.');
      if (!existsSync(own) || !statSync(own).isDirectory())
        throw new UsageError(`there is no folder ${own}`);
      const [{ daysFolder }, { loadDay, DayError }] = await Promise.all([
        import('../find-day.ts'),
        import('@catalyst/simulator'),
      ]);
      const found = [
        ...(existsSync(daysFolder) ? daysIn(daysFolder, 'bundled') : []),
        ...(own === daysFolder ? [] : daysIn(own, 'own')),
      ];
      const days: Row[] = [];
      for (const one of found) {
        try {
          days.push({ ...one, ...summarise(await loadDay(one.dir), one.dir), fault: null });
        } catch (error) {
          if (!(error instanceof DayError)) throw error;
          days.push({ ...one, fault: error.message });
        }
      }
      const terminal = terminalOf(options);
      terminal.result({ folder: daysFolder, own_folder: own, days }, () =>
        [
          terminal.table(
            ['day', 'date', 'place', 'stocks', 'minute bars', 'articles', 'what'],
            days.map(describeRow),
            [3, 4, 5],
          ),
          ...(days.some(({ place }) => place === 'own')
            ? []
            : [`no days of your own in ${own} (${typed('day --help')} tells how to make one)`]),
        ].join('\n'),
      );
    });
};
