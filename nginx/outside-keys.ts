import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface OutsideKeys {
  /** Installed keys of Claude, which are not held to the strangers' rate; workflow knows which keys may come in. */
  mcp: readonly string[];
  /** Keys of persons who may use the REST API from outside. */
  operator: readonly string[];
  /** The fleet's key of the caller `cli`, sent inward instead of an operator's. */
  cli_key: string;
}

const plainKey = /^[A-Za-z0-9_-]{32,128}$/;

const checked = (key: string): string => {
  if (!plainKey.test(key)) throw new Error('a key is 32 to 128 letters, digits, - and _');
  return key;
};

/**
 * Replaces a file as a whole, readable by its owner alone, so that Nginx never reads half of it.
 */
const replaceFile = (path: string, text: string): void => {
  writeFileSync(`${path}.next`, text, { mode: 0o600 });
  renameSync(`${path}.next`, path);
};

/** Writes the two maps that nginx.conf.template includes; a running Nginx takes them on SIGHUP. */
export const writeOutsideKeys = (folder: string, { mcp, operator, cli_key }: OutsideKeys): void => {
  replaceFile(join(folder, 'mcp-keys.map'), mcp.map((key) => `"~^${checked(key)}$" 1;\n`).join(''));
  replaceFile(
    join(folder, 'operator-keys.map'),
    operator.map((key) => `"~^${checked(key)}$" "${checked(cli_key)}";\n`).join(''),
  );
};
