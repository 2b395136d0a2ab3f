/**
 * Finds the optional packages of other platforms that npm left out of package-lock.json, which it does
 * when the registry it asked does not carry them; `npm ci` refuses a lock file without them everywhere.
 *
 *   node scripts/complete-lock.mjs [--write] [package-lock.json]
 *
 * Without --write it only tells, and ends with 1 when something is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const write = process.argv.includes('--write');
const path =
  process.argv.slice(2).find((argument) => !argument.startsWith('--')) ??
  fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(path, 'utf8'));
const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = {
  armv7: 'arm',
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
};

/** The platform in a package's name (…-linux-arm64-musl): npm must not fetch it elsewhere. */
const platformOf = (name) => {
  const words = name.split('/').at(-1).split('-');
  const os = systems.find((system) => words.includes(system));
  const cpu = Object.keys(processors).find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) return undefined;
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu')) && os === 'linux' && cpu !== 'arm'
      ? ['glibc']
      : undefined;
  return { cpu: [processors[cpu]], ...(libc === undefined ? {} : { libc }), os: [os] };
};

const isLocked = (owner, name) => {
  for (
    let place = owner;
    ;
    place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))
  ) {
    if (
      lock.packages[place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`] !==
      undefined
    )
      return true;
    if (place === '' || !place.includes('/node_modules/'))
      return lock.packages[`node_modules/${name}`] !== undefined;
  }
};

const added = [];
for (const [owner, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(owner, name)) continue;
    const platform = platformOf(name);
    if (platform === undefined || !/^\d/.test(version)) {
      process.stderr.write(
        `cannot tell the platform of ${name}@${version}, which ${owner} would like\n`,
      );
      process.exitCode = 1;
      continue;
    }
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: platform.cpu,
      ...(entry.dev ? { dev: true } : {}),
      ...(platform.libc ? { libc: platform.libc } : {}),
      optional: true,
      os: platform.os,
    };
    added.push(`${name}@${version}`);
  }
}
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
if (write && added.length > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(
  added.length === 0
    ? 'the lock file has every platform\n'
    : `${write ? 'added' : 'the lock file lacks'} ${added.length} packages of other platforms${write ? '' : '; add them with: node scripts/complete-lock.mjs --write'}\n`,
);
if (!write && added.length > 0) process.exitCode = 1;
