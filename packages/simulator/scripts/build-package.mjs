/**
 * Builds what `npm pack` puts into the tarball: JavaScript and declarations of this package in dist/, of @catalyst/domain
 * (which is published nowhere) in dist/domain/. Nothing else is written, so a run that fails or is killed leaves the checkout
 * as it was; dist/ appears whole or not at all.
 *
 *   npm pack        (as its prepack script)
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const packagesFolder = resolve(packageFolder, '..');
const domainFolder = join(packagesFolder, 'domain');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** What domain needs comes from this package's dependencies, in the versions that domain names. */
const checkDependencies = () => {
  const own = readJson(join(packageFolder, 'package.json')).dependencies ?? {};
  const needed = readJson(join(domainFolder, 'package.json')).dependencies ?? {};
  const wrong = Object.entries(needed).filter(([name, version]) => own[name] !== version);
  if (wrong.length > 0)
    throw new Error(
      `package.json must depend on what @catalyst/domain inside it needs: ${wrong.map((pair) => pair.join(' ')).join(', ')}`,
    );
  const workspace = Object.keys(own).filter((name) => name.startsWith('@catalyst/'));
  if (workspace.length > 0)
    throw new Error(
      `package.json may not depend on what is published nowhere: ${workspace.join(', ')}`,
    );
};

/**
 * The root's options; domain is named by its path, because TypeScript emits nothing of what it
 * finds under node_modules.
 */
const readOptions = () => {
  const path = join(packagesFolder, '..', 'tsconfig.json');
  const { options, errors } = ts.parseJsonConfigFileContent(
    { ...readJson(path), include: [], files: [] },
    ts.sys,
    dirname(path),
  );
  const real = errors.filter(({ code }) => code !== 18002 && code !== 18003); // no files are listed there, on purpose
  if (real.length > 0) throw new Error(ts.formatDiagnostics(real, host));
  return {
    ...options,
    noEmit: false,
    noEmitOnError: true,
    declaration: true,
    rootDir: packagesFolder,
    outDir: packagesFolder,
    paths: { '@catalyst/domain': [join(domainFolder, 'src', 'index.ts')] },
  };
};
const host = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => packageFolder,
  getNewLine: () => '\n',
};

/**
 * Where an emitted file belongs below dist/: simulator/src/x.js is x.js, domain/src/x.js is
 * domain/x.js.
 */
const placeOf = (emitted) => {
  const [owner, source, ...rest] = relative(packagesFolder, emitted).split(sep);
  if (source !== 'src' || (owner !== 'simulator' && owner !== 'domain'))
    throw new Error(`${emitted} belongs to no package of the tarball`);
  return owner === 'domain' ? join('domain', ...rest) : join(...rest);
};

/** The text with each specifier replaced that means another thing where it lies now. */
const rewriteSpecifiers = (text, place) => {
  const toDomain = relative(dirname(place), join('domain', 'index.js')).split(sep).join('/');
  const found = ts.preProcessFile(text, true, true).importedFiles;
  let rewritten = text;
  for (const { fileName, pos, end } of found.toReversed()) {
    const meant =
      fileName === '@catalyst/domain'
        ? toDomain.startsWith('.')
          ? toDomain
          : `./${toDomain}`
        : fileName.startsWith('.')
          ? fileName.replace(/\.ts$/, '.js')
          : fileName;
    if (meant.startsWith('@catalyst/'))
      throw new Error(`${place} imports ${meant}, which is not in the tarball`);
    // the positions are those of the quoted text
    rewritten = `${rewritten.slice(0, pos)}${rewritten.slice(pos, end + 2).replace(fileName, meant)}${rewritten.slice(end + 2)}`;
  }
  return rewritten;
};

const build = (folder) => {
  const program = ts.createProgram(
    [join(packageFolder, 'src', 'index.ts'), join(packageFolder, 'src', 'main.ts')],
    readOptions(),
  );
  const result = program.emit(undefined, (path, text) => {
    const place = placeOf(path);
    const target = join(folder, place);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, rewriteSpecifiers(text, place));
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

checkDependencies();
for (const name of readdirSync(packageFolder)) {
  const pid = Number(/^dist\.(\d+)$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isInteger(pid) && !isRunning(pid))
    rmSync(join(packageFolder, name), { recursive: true, force: true });
}
const building = join(packageFolder, `dist.${process.pid}`);
mkdirSync(building);
try {
  build(building);
  rmSync(join(packageFolder, 'dist'), { recursive: true, force: true });
  renameSync(building, join(packageFolder, 'dist'));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(building, { recursive: true, force: true });
}
