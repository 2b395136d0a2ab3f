import { readFileSync } from 'node:fs';
import { openKeys, type BrokerKeys } from '../home/broker-keys.ts';
import { ClientError, homeOf, openHome, type ClientHome } from '../home/client-home.ts';
import { createTerminal, type Terminal } from '../terminal.ts';

/** What every command works with. */
export interface Context {
  home: ClientHome;
  terminal: Terminal;
  env: NodeJS.ProcessEnv;
}

export const createContext = (options: { json?: boolean; home?: string }): Context => ({
  home: openHome(options.home ?? homeOf(process.env)),
  terminal: createTerminal({ is_json: options.json === true }),
  env: process.env,
});

/** What a file holds that its owner names. */
export const readNamed = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ClientError(
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? `there is no file ${path}`
        : `${path} cannot be read: ${(error as Error).message}`,
    );
  }
};

/** The broker keys; asks for their passphrase where they are kept under one. */
export const unlockKeys = async ({ home, terminal, env }: Context): Promise<BrokerKeys> => {
  const kept = home.keys();
  if (kept.kept === 'plain') return openKeys(kept, null);
  const file = env.CATALYST_CLIENT_PASSPHRASE_FILE;
  if (file) return openKeys(kept, readNamed(file).trim());
  const typed = terminal.can_ask
    ? await terminal.ask('Passphrase of the broker keys', { is_secret: true })
    : null;
  return openKeys(kept, typed);
};
