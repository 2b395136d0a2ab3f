/**
 * Makes what docker-compose.yml mounts and no one should type: the fleet's keys and their hashes, the keys of the
 * outside, the database's password, and the home folder with the default configuration. What is there already stays.
 *
 *   node scripts/prepare-server.ts <folder for secrets> <home folder>
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { writeOutsideKeys } from '../nginx/outside-keys.ts';
import { serviceNames, services, type Caller } from '../packages/contracts/src/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const callers: readonly Caller[] = [...serviceNames, 'cli'];

export interface Prepared {
  /** Names of the files that this run made; empty when all was there. */
  made: string[];
}

/** Prepares both folders; repeating it makes only what is missing and never changes a secret. */
export const prepareServer = (secretsDir: string, home: string): Prepared => {
  const made: string[] = [];
  mkdirSync(secretsDir, { recursive: true, mode: 0o700 });
  chmodSync(secretsDir, 0o700);
  const keep = (name: string, make: () => string): string => {
    const path = join(secretsDir, name);
    if (!existsSync(path)) {
      writeFileSync(path, make(), { mode: 0o600 });
      made.push(name);
    }
    return readFileSync(path, 'utf8').trim();
  };
  const newKey = () => randomBytes(32).toString('base64url');

  const keys = Object.fromEntries(
    callers.map((caller) => [caller, keep(`${caller}_key`, newKey)]),
  ) as Record<Caller, string>;
  for (const name of serviceNames) {
    const known = Object.keys(services[name].grants) as Caller[];
    keep(`${name}_key_hashes`, () =>
      JSON.stringify(Object.fromEntries(known.map((caller) => [caller, sha256(keys[caller])]))),
    );
  }
  const mcp = keep('mcp_key', newKey);
  keep('mcp_key_hashes', () => JSON.stringify({ claude: sha256(mcp) }));
  keep('door_secret', newKey);
  const operator = keep('operator_key', newKey);
  const password = keep('postgres_password', newKey);
  keep('database_url', () => `postgresql://catalyst:${password}@postgres:5432/catalyst`);

  const nginx = join(secretsDir, 'nginx');
  mkdirSync(nginx, { recursive: true, mode: 0o700 });
  writeOutsideKeys(nginx, { mcp: [mcp], operator: [operator], cli_key: keys.cli });

  const journals = serviceNames.map((name) => join('journal', name));
  for (const folder of ['config', 'state', 'logs', 'reports', 'mail', ...journals])
    mkdirSync(join(home, folder), { recursive: true });
  const defaults = resolve(import.meta.dirname, '../config');
  for (const name of readdirSync(defaults)) {
    const live = join(home, 'config', name);
    if (existsSync(live)) continue;
    cpSync(join(defaults, name), live);
    made.push(`config/${name}`);
  }
  return { made };
};

if (import.meta.main) {
  const [secretsDir, home, ...rest] = process.argv.slice(2);
  if (!secretsDir || !home || rest.length > 0) {
    process.stderr.write(
      'usage: node scripts/prepare-server.ts <folder for secrets> <home folder>\n',
    );
    process.exit(2);
  }
  let made: string[];
  try {
    ({ made } = prepareServer(secretsDir, home));
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'EACCES') throw error;
    const owner = `${process.getuid?.()}:${process.getgid?.()}`;
    process.stderr.write(
      `${path} may not be changed by this user; give both folders to it: chown -R ${owner} (SERVER_UID and SERVER_GID of .env)\n`,
    );
    process.exit(78);
  }
  process.stdout.write(made.length > 0 ? `made ${made.join(', ')}\n` : 'everything was there\n');
  if (!existsSync(join(secretsDir, 'nginx', 'tls.crt')))
    process.stdout.write(
      'still missing: nginx/tls.crt and nginx/tls.key, the certificate and key of this server\n',
    );
}
