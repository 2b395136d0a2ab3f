import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { Fault } from './fault-schema.ts';
import { FaultError, readFaults, type DaySymbols } from './read-faults.ts';

/**
 * A script that cannot be used; the message says in which file and line, what was expected and what
 * was there.
 */
export class FaultScriptError extends Error {
  override readonly name = 'FaultScriptError';
}

const lineOf = (document: Document, lines: LineCounter, path: readonly PropertyKey[]): number => {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as
      { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
};

/**
 * Reads a list of faults for a day of `symbols` from a YAML or JSON file (JSON is YAML). Throws
 * `FaultScriptError` for a file that is absent, unreadable or wrong.
 */
export const readFaultScript = async (path: string, symbols: DaySymbols): Promise<Fault[]> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new FaultScriptError(`${path}: ${(error as Error).message}`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken)
    throw new FaultScriptError(
      `${path}, line ${broken.linePos?.[0].line ?? 1}: expected YAML or JSON, ${broken.message.split('\n')[0] ?? ''}`,
    );
  try {
    return readFaults(document.toJS(), symbols);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    throw new FaultScriptError(
      `${path}, line ${lineOf(document, lines, error.path)}: ${error.message}`,
    );
  }
};
