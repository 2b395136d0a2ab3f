/**
 * Builds what `npm pack` puts into a package's tarball: JavaScript and declarations of the package in dist/, and of the
 * packages of this checkout that it is made of, which are published nowhere, in dist/packages/. Nothing else is written, so
 * a run that fails or is killed leaves the checkout as it was; dist/ appears whole or not at all.
 *
 *   npm pack        (as the package's prepack script, in its folder)
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
 * The root's options; inner packages are named by their paths, because TypeScript emits nothing of
 * what it finds under node_modules.
 */
const readOptions = (entries) => {
  const path = join(packagesFolder, '..', 'tsconfig.json');
  const { options, errors } = ts.parseJsonConfigFileContent(
    { ...JSON.parse(readFileSync(path, 'utf8')), include: [], files: [] },
    ts.sys,
    dirname(path),
  );
  const real = errors.filter(({ code }) => code !== 18002 && code !== 18003); // no files are listed there, on purpose
  if (real.length > 0) throw new Error(ts.formatDiagnostics(real, host));
  return {
    ...options,
    noEmit: false,
    // what is kept of the checks of the whole checkout is not for a package's build
    incremental: false,
    tsBuildInfoFile: undefined,
    noEmitOnError: true,
    declaration: true,
    rootDir: packagesFolder,
    outDir: packagesFolder,
    paths: Object.fromEntries(entries.map(([name, source]) => [name, [source]])),
  };
};
const host = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => packageFolder,
  getNewLine: () => '\n',
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
  let rewritten = text;
  for (const { fileName, pos, end } of found.toReversed()) {
    const source = sourceOf.get(fileName);
    const path = source && relative(dirname(place), placeOf(source)).split(sep).join('/');
    const meant = (path ? (path.startsWith('.') ? path : `./${path}`) : fileName).replace(
      /^(\..*)\.ts$/,
      '$1.js',
    );
    if (meant.startsWith(OWN_SCOPE))
      throw new Error(`${place} imports ${meant}, which is not in the tarball`);
    // the positions are those of the quoted text
    rewritten = `${rewritten.slice(0, pos)}${rewritten.slice(pos, end + 2).replace(fileName, meant)}${rewritten.slice(end + 2)}`;
  }
  return rewritten;
};

const build = (folder, entries) => {
  const program = ts.createProgram(
    [join(packageFolder, 'src', 'index.ts'), join(packageFolder, 'src', 'main.ts')],
    readOptions(entries),
  );
  const result = program.emit(undefined, (path, text) => {
    const place = placeOf(path);
    const target = join(folder, place);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, rewriteSpecifiers(text, place, entries));
  });
  const faults = [...ts.getPreEmitDiagnostics(program), ...result.diagnostics];
  if (faults.length > 0)
    throw new Error(ts.formatDiagnostics(ts.sortAndDeduplicateDiagnostics(faults), host));
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
try {
  const inner = findInner();
  checkDependencies(inner);
  build(building, findEntries(inner));
  rmSync(join(packageFolder, 'dist'), { recursive: true, force: true });
  renameSync(building, join(packageFolder, 'dist'));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(building, { recursive: true, force: true });
}
