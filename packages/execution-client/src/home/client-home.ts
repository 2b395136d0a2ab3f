import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describeIssues } from '@catalyst/runtime';
import { z } from 'zod';
import { ownerLimits, type OwnerLimits } from '../domain/owner-limits.ts';
import { keptKeys, type KeptKeys } from './broker-keys.ts';
import { profile, type Profile } from './profile.ts';

/** What a person can mend: the sentence says how. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
}

/** The folder of one client: who it is, its owner's limits and keys, and its book. */
export interface ClientHome {
  folder: string;
  database_path: string;
  hasProfile(): boolean;
  /** @throws ClientError where it was never joined, or a file is not as it must be */
  profile(): Profile;
  limits(): OwnerLimits;
  limits_path: string;
  keys(): KeptKeys;
  /** The nonce with which a code is asked for, the same until `forgetNonce`. */
  nonceFor(code: string, make: () => string): string;
  forgetNonce(): void;
  save(files: { profile?: Profile; limits?: OwnerLimits; keys?: KeptKeys }): void;
}

const joining = z.strictObject({ code: z.string(), nonce: z.string() });

const OWNER_ONLY = 0o600;

/** Written whole or not at all, for the owner's eyes alone. */
const writeFile = (path: string, value: unknown): void => {
  const draft = `${path}.draft`;
  const file = openSync(draft, 'w', OWNER_ONLY);
  try {
    writeSync(file, `${JSON.stringify(value, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(draft, OWNER_ONLY);
  renameSync(draft, path);
};

const readFile = <S extends z.ZodType>(path: string, schema: S): z.output<S> => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ClientError(
      isMissing
        ? `there is no ${path}: join first, with "catalyst-client join" and the string of your invitation`
        : `${path} cannot be read: ${(error as Error).message}`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ClientError(`${path} is no JSON: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ClientError(
    `${path} is not as it must be: ${describeIssues('', parsed.error.issues, value)}`,
  );
};

/** Where a client lives unless it is told otherwise. */
export const homeOf = (env: NodeJS.ProcessEnv): string =>
  env.CATALYST_CLIENT_HOME || join(homedir(), '.catalyst-client');

export const openHome = (folder: string): ClientHome => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (name: string): string => join(folder, name);
  const limits_path = pathOf('limits.json');
  return {
    folder,
    limits_path,
    database_path: pathOf('client.db'),
    hasProfile: () => existsSync(pathOf('profile.json')),
    profile: () => readFile(pathOf('profile.json'), profile),
    limits: () => readFile(limits_path, ownerLimits),
    keys: () => readFile(pathOf('broker-keys.json'), keptKeys),
    nonceFor: (code, make) => {
      const kept = existsSync(pathOf('joining.json'))
        ? readFile(pathOf('joining.json'), joining)
        : null;
      if (kept?.code === code) return kept.nonce;
      const nonce = make();
      writeFile(pathOf('joining.json'), { code, nonce });
      return nonce;
    },
    forgetNonce: () => rmSync(pathOf('joining.json'), { force: true }),
    save: ({ profile: who, limits, keys }) => {
      if (keys) writeFile(pathOf('broker-keys.json'), keys);
      if (limits) writeFile(limits_path, limits);
      if (who) writeFile(pathOf('profile.json'), who);
    },
  };
};
