import { accessSync, constants, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkoutFolder } from '../checkout-folder.ts';

const isWritable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * CATALYST_HOME, else `.catalyst` in the checkout, else (a checkout of somebody else) the user's
 * state folder.
 */
export const homeFolder = (env: NodeJS.ProcessEnv = process.env): string => {
  if (env.CATALYST_HOME !== undefined && env.CATALYST_HOME !== '')
    return resolve(env.CATALYST_HOME);
  const beside = join(checkoutFolder, '.catalyst');
  if (isWritable(existsSync(beside) ? beside : checkoutFolder)) return beside;
  return join(env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'catalyst');
};

/**
 * Makes what the services expect below their CATALYST_HOME: folders, and the committed defaults
 * where no live copy is yet.
 */
export const prepareServiceHome = (home: string): void => {
  for (const folder of ['config', 'state', 'logs', 'reports', 'mail'])
    mkdirSync(join(home, folder), { recursive: true });
  const defaults = join(checkoutFolder, 'config');
  if (!existsSync(defaults)) return;
  for (const name of readdirSync(defaults)) {
    const target = join(home, 'config', name);
    if (!existsSync(target)) cpSync(join(defaults, name), target, { recursive: true });
  }
};
