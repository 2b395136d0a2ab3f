import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '@catalyst/service-kit/calls';

const hostFile = z.looseObject({ mcpServers: z.record(z.string(), z.unknown()).default({}) });

const readHostFile = (path: string): z.output<typeof hostFile> => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { mcpServers: {} };
    throw error;
  }
  try {
    return hostFile.parse(JSON.parse(text));
  } catch {
    throw new ConfigError([
      `${path} is not the JSON that Claude Desktop writes: mend it, or move it away, and try again`,
    ]);
  }
};

/**
 * Puts an entry named catalyst among the servers of Claude Desktop's file and leaves the rest as it
 * is; the file holds a key then and is its owner's alone.
 * @throws ConfigError for a file that cannot be read as such, which stays as it is
 */
export const writeEntry = (path: string, entry: object): void => {
  const host = readHostFile(path);
  const next = { ...host, mcpServers: { ...host.mcpServers, catalyst: entry } };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.next`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
  chmodSync(`${path}.next`, 0o600);
  renameSync(`${path}.next`, path);
};
