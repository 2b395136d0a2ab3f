import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export type Tree = { [name: string]: Tree | unknown };
export const committed = (name: string): Tree =>
  parse(readFileSync(join(import.meta.dirname, '../../config', `${name}.yaml`), 'utf8')) as Tree;
/** Every parameter of a file, by its path. */
export const leaves = (tree: Tree, above = ''): string[] =>
  Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? leaves(value as Tree, `${above}${name}/`)
      : [`${above}${name}`],
  );
export const withValues = (tree: Tree, values: Record<string, unknown>): Tree => {
  const copy = structuredClone(tree);
  for (const [path, value] of Object.entries(values)) {
    const names = path.split('/');
    const last = names.pop()!;
    const parent = names.reduce((at, name) => at[name] as Tree, copy);
    parent[last] = value;
  }
  return copy;
};

/** A parameter's other value, and what it decides; `given` sets what it depends on. */
export interface Outcome {
  to: unknown;
  given?: Record<string, unknown>;
  decides: (config: Tree) => unknown;
}
export type Outcomes = Record<string, Outcome>;
