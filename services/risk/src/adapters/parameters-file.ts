import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
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
  if (!existsSync(path)) copyFileSync(COMMITTED, path);

  const read = (): FileReading => {
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
      const draft = `${path}.draft`;
      writeFileSync(draft, document.toString());
      renameSync(draft, path);
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
