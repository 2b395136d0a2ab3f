import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { watch } from 'chokidar';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { checkParameters } from '../domain/parameter-ranges.ts';
import type { RiskParameters } from '@catalyst/contracts';

const COMMITTED = join(import.meta.dirname, '../../../../config/risk_parameters.yaml');

export type FileReading =
  { parameters: RiskParameters; faults: string[] } | { parameters: null; faults: string[] };

/** The limits as a file that a person edits; comments survive what tools change in it. */
export const createParametersFile = (home: string) => {
  const path = join(home, 'config', 'risk_parameters.yaml');
  mkdirSync(dirname(path), { recursive: true });

  const write = (text: string): void => {
    const draft = `${path}.draft`;
    writeFileSync(draft, text);
    renameSync(draft, path);
  };

  const read = (): FileReading => {
    if (!existsSync(path))
      return {
        parameters: null,
        faults: [
          'the file was removed; the limits stay as they were, and stand in it again when the service starts',
        ],
      };
    const lines = new LineCounter();
    const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines });
    if (document.errors.length > 0) {
      return {
        parameters: null,
        faults: document.errors.map(
          (error) => `line ${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`,
        ),
      };
    }
    const checked = checkParameters(document.toJS());
    if (checked.parameters) return checked;
    const lineOf = (fault: string): string => {
      const name = fault.split(':')[0]!.split(' ')[0]!;
      const pair = isMap(document.contents)
        ? document.contents.items.find((item) => String(item.key) === name)
        : undefined;
      const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
      return range ? `line ${lines.linePos(range[0]).line}: ${fault}` : fault;
    };
    return { parameters: null, faults: checked.faults.map(lineOf) };
  };

  return {
    path,
    read,
    /** Writes one value in place, whole file or nothing. */
    set: (name: string, value: number | boolean): void => {
      const document = parseDocument(readFileSync(path, 'utf8'));
      document.set(name, value);
      write(document.toString());
    },
    /** Where there is no file: the limits that were in force, else those that are shipped. */
    restore: (parameters: RiskParameters | undefined): void => {
      if (existsSync(path)) return;
      const document = parseDocument(readFileSync(COMMITTED, 'utf8'));
      for (const [name, value] of Object.entries(parameters ?? {})) document.set(name, value);
      write(document.toString());
    },
    /** Calls back within two seconds of a save; editors replace files, so the folder is watched. */
    watch: (changed: () => void): (() => Promise<void>) => {
      const watcher = watch(dirname(path), {
        ignoreInitial: true,
        depth: 0,
        awaitWriteFinish: { stabilityThreshold: 200, pollInterval: 50 },
      });
      watcher.on('all', (_event, file) => {
        if (file === path) changed();
      });
      return () => watcher.close();
    },
  };
};
export type ParametersFile = ReturnType<typeof createParametersFile>;
