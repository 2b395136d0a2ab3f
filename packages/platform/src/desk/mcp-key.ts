import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, isFree } from '../free-port.ts';
import { PlatformError } from '../platform-error.ts';

/** Who holds the key, as decisions and the audit name it. */
export const mcp_key_holder = 'claude';

/** A key for one run: 256 random bits, base64url. */
export const createMcpKey = (): string => randomBytes(32).toString('base64url');

/**
 * The key of a desk that is started again and again, kept in `secrets/mcp_key` of its home (0600),
 * so that a client is set up once. PlatformError when the file holds something else.
 */
export const keepMcpKey = (home: string): string => keepSecret(home, 'mcp_key');

/** What the desk's pages and OAuth seal their things with; without it their sessions are over. */
export const keepDoorSecret = (home: string): string => keepSecret(home, 'door_secret');

const keepSecret = (home: string, name: string): string => {
  const folder = join(home, 'secrets');
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${createMcpKey()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = readFileSync(path, 'utf8').trim();
  if (!/^[\w-]{32,128}$/.test(key))
    throw new PlatformError(
      `${path} holds no key: expected 32 to 128 letters, digits, - or _; remove the file to have a new one made`,
    );
  return key;
};

/**
 * The port at which a desk that is started again and again speaks MCP, kept beside its key; another
 * one, from then on, where some other program has taken it.
 */
export const keepMcpPort = async (home: string): Promise<number> => {
  const path = join(home, 'secrets', 'mcp_port');
  const kept = existsSync(path) ? Number(readFileSync(path, 'utf8')) : Number.NaN;
  if (Number.isInteger(kept) && kept > 0 && kept < 65_536 && (await isFree(kept))) return kept;
  const port = await freePort();
  writeFileSync(path, `${port}\n`, { mode: 0o600 });
  return port;
};
