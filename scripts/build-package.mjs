/**
 * Builds what `npm pack` puts into a package's tarball: JavaScript and declarations of the package in dist/, and of the
 * packages of this checkout that it is made of, which are published nowhere, in dist/packages/. Nothing else is written, so
 * a run that fails or is killed leaves the checkout as it was; dist/ appears whole or not at all.
 *
 *   npm pack        (as the package's prepack script, in its folder)
 */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const packageFolder = process.cwd();
const packagesFolder = fileURLToPath(new URL('../packages', import.meta.url));
const ownName = basename(packageFolder);
const OWN_SCOPE = '@catalyst/';
const readPackage = (name) =>
  JSON.parse(readFileSync(join(packagesFolder, name, 'package.json'), 'utf8'));
const own = readPackage(ownName);
const inScope = (dependencies = {}) =>
  Object.keys(dependencies)
    .filter((name) => name.startsWith(OWN_SCOPE))
    .map((name) => name.slice(OWN_SCOPE.length));

/** The packages of this checkout that `sources` import, and those that they depend on. */
const findInner = () => {
  const inner = new Set();
  const add = (name) => {
    if (inner.has(name)) return;
    inner.add(name);
    inScope(readPackage(name).dependencies).forEach(add);
  };
  inScope(own.devDependencies).forEach(add);
  return [...inner];
};

/** What the inner packages need comes from this package's dependencies, in their versions. */
const checkDependencies = (inner) => {
  const dependencies = own.dependencies ?? {};
  const wrong = inner.flatMap((name) =>
    Object.entries(readPackage(name).dependencies ?? {}).filter(
      ([needed, version]) => !needed.startsWith(OWN_SCOPE) && dependencies[needed] !== version,
    ),
  );
  if (wrong.length > 0)
    throw new Error(
      `package.json must depend on what the packages inside it need: ${wrong.map((pair) => pair.join(' ')).join(', ')}`,
    );
  const workspace = inScope(dependencies);
  if (workspace.length > 0)
    throw new Error(
      `package.json may not depend on what is published nowhere: ${workspace.join(', ')}`,
    );
};

/** Each name by which a package of this checkout is imported, and the source that it means. */
const findEntries = (inner) =>
  inner.flatMap((name) =>
    Object.entries(readPackage(name).exports).map(([path, source]) => [
      join(`${OWN_SCOPE}${name}`, path),
      join(packagesFolder, name, source),
    ]),
  );

/**
 * Inner packages are named by their paths, because TypeScript emits nothing of what it finds under
 * node_modules.
 */
const writeConfiguration = (folder, outDir, entries) => {
  const path = join(folder, 'tsconfig.json');
  const configuration = {
    extends: join(packagesFolder, '..', 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      // what is kept of the checks of the whole checkout is not for a package's build
      incremental: false,
      tsBuildInfoFile: null,
      noEmitOnError: true,
      declaration: true,
      rootDir: packagesFolder,
      outDir,
      typeRoots: [join(packagesFolder, '..', 'node_modules', '@types')],
      paths: Object.fromEntries(entries.map(([name, source]) => [name, [source]])),
    },
    include: [],
    files: ['index.ts', 'main.ts'].map((name) => join(packageFolder, 'src', name)),
  };
  writeFileSync(path, JSON.stringify(configuration));
  return path;
};

/**
 * Where a file belongs below dist/: src/x.ts of the package itself is x, src/x.ts of an inner
 * package packages/<name>/x.
 */
const placeOf = (path) => {
  const [owner, source, ...rest] = relative(packagesFolder, path).split(sep);
  if (source !== 'src') throw new Error(`${path} belongs to no package of the tarball`);
  return owner === ownName ? join(...rest) : join('packages', owner, ...rest);
};

/** The text with each specifier replaced that means another thing where it lies now. */
const rewriteSpecifiers = (text, place, entries) => {
  const sourceOf = new Map(entries);
  const found = ts.preProcessFile(text, true, true).importedFiles;
  const parts = [];
  let kept = 0;
  for (const { fileName, pos, end } of found) {
    const source = sourceOf.get(fileName);
    const path = source && relative(dirname(place), placeOf(source)).split(sep).join('/');
    const meant = (path ? (path.startsWith('.') ? path : `./${path}`) : fileName).replace(
      /^(\..*)\.ts$/,
      '$1.js',
    );
    if (meant.startsWith(OWN_SCOPE))
      throw new Error(`${place} imports ${meant}, which is not in the tarball`);
    // the positions are those of the quoted text
    parts.push(text.slice(kept, pos), text.slice(pos, end + 2).replace(fileName, meant));
    kept = end + 2;
  }
  parts.push(text.slice(kept));
  return parts.join('');
};

/** The native compiler does in seconds what the one with an API, which the linter needs, takes half a minute for. */
const compiler = fileURLToPath(
  new URL('../node_modules/typescript-native/bin/tsc', import.meta.url),
);
const build = (folder, emitted, entries) => {
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [compiler, '-p', writeConfiguration(folder, emitted, entries)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw error ?? new Error(stdout + stderr);
  for (const entry of readdirSync(emitted, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const place = placeOf(join(packagesFolder, relative(emitted, path)));
    const target = join(folder, 'dist', place);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, rewriteSpecifiers(readFileSync(path, 'utf8'), place, entries));
  }
};

const isRunning = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
};

for (const name of readdirSync(packageFolder)) {
  const pid = Number(/^dist\.(\d+)$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isInteger(pid) && !isRunning(pid))
    rmSync(join(packageFolder, name), { recursive: true, force: true });
}
const building = join(packageFolder, `dist.${process.pid}`);
mkdirSync(building);
// not in the checkout: where this process is killed, the compiler goes on and writes to its end
const emitted = mkdtempSync(join(tmpdir(), 'catalyst-build-'));
try {
  const inner = findInner();
  checkDependencies(inner);
  build(building, emitted, findEntries(inner));
  rmSync(join(packageFolder, 'dist'), { recursive: true, force: true });
  renameSync(join(building, 'dist'), join(packageFolder, 'dist'));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  for (const path of [building, emitted]) rmSync(path, { recursive: true, force: true });
}
