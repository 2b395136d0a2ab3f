import { readFileSync } from 'node:fs';
import { ConfigError } from '@catalyst/service-kit/calls';

/** Where a desk on a server answers, and the operator's key to it. */
export interface Server {
  url: string;
  key: string;
}

const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/**
 * The desk that CATALYST_URL names, with the key in the file CATALYST_KEY_FILE; undefined where
 * none is named and the desk of this machine is meant.
 * @throws ConfigError with each fault and its mend
 */
export const namedServer = (env: NodeJS.ProcessEnv = process.env): Server | undefined => {
  const given = env.CATALYST_URL ?? '';
  if (given === '') return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopback(url.hostname)))
    throw new ConfigError([
      `CATALYST_URL is "${given}": expected an address such as https://desk.example.com (http only on this machine: the key would be read on its way)`,
    ]);
  const file = env.CATALYST_KEY_FILE ?? '';
  if (file === '')
    throw new ConfigError([
      `CATALYST_URL names ${given}, but CATALYST_KEY_FILE is not set: it names the file with the operator's key (operator_key of the server's secrets)`,
    ]);
  try {
    const key = readFileSync(file, 'utf8').trim();
    if (/^[\x21-\x7e]+$/.test(key)) return { url: url.origin, key };
  } catch (error) {
    throw new ConfigError([
      `CATALYST_KEY_FILE names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code})`,
    ]);
  }
  throw new ConfigError([`CATALYST_KEY_FILE names ${file}, which holds no key`]);
};
