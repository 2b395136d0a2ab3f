import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { createProgram } from '../src/program.ts';
import { commandName, shellWord } from '../src/typed.ts';
import { runProgram, temporaryFolder } from './run-catalyst.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = temporaryFolder();
afterAll(folder.remove);

describe('the command that a message names', () => {
  it('is the one that was typed, with quotes where a shell needs them', () => {
    expect(commandName({ CATALYST_COMMAND: 'scripts/catalyst' })).toBe('scripts/catalyst');
    expect(commandName({ CATALYST_COMMAND: '/my desk/catalyst' })).toBe("'/my desk/catalyst'");
    expect(shellWord("it's")).toBe("'it'\\''s'");
  });
  it.each([
    ['the checkout', {}, root, 'scripts/catalyst'],
    ['a folder of it', {}, join(root, 'packages/cli'), '../../scripts/catalyst'],
    ['its scripts', {}, join(root, 'scripts'), './catalyst'],
    ['another place', {}, '/usr/share/doc/some/where', join(root, 'scripts/catalyst')],
    ['where npm was called', { INIT_CWD: join(root, 'docs') }, root, '../scripts/catalyst'],
  ])('leads to the script from %s, where it was not typed', (_, env, cwd, name) => {
    expect(commandName(env, cwd)).toBe(name);
  });
  it.each([
    ['scripts/catalyst', {}, 'scripts/catalyst'],
    ['./scripts/catalyst', {}, './scripts/catalyst'],
    ['catalyst', { PATH: `${join(folder.path, 'bin')}:${process.env.PATH}` }, 'catalyst'],
  ])('is %s for who typed that', async (command, env, name) => {
    mkdirSync(join(folder.path, 'bin'), { recursive: true });
    if (command === 'catalyst')
      symlinkSync(join(root, 'scripts/catalyst'), join(folder.path, 'bin/catalyst'));
    const { stderr, code } = await runProgram('sh', ['-c', `${command} status`], {
      cwd: root,
      env: { ...env, CATALYST_HOME: join(folder.path, 'home') },
    });
    expect([code, stderr]).toEqual([
      3,
      `catalyst: no desk is running; start one with: ${name} up --embedded\n`,
    ]);
  });
  it('works when it is typed as npm run demo leads to it', () => {
    const { stdout } = spawnSync(`${commandName({}, root)} --version`, {
      shell: true,
      cwd: root,
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('no text that the program prints, and no document', () => {
  const verbs = createProgram().commands.map((command) => command.name());
  const bare = new RegExp(`(?<![\\w/-])catalyst (?:--?[a-z]|<verb>|(?:${verbs.join('|')})\\b)`);
  const filesIn = (where: string, ending: RegExp): string[] =>
    readdirSync(join(root, where), { recursive: true, encoding: 'utf8' })
      .filter((path) => ending.test(path) && !/(^|\/)(node_modules|tests|\.catalyst)\//.test(path))
      .map((path) => join(root, where, path));
  /** The words of every string and template of a source, comments left out. */
  const wordsOf = (path: string): string[] => {
    const words: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) words.push(node.text);
      if (ts.isTemplateMiddleOrTemplateTail(node)) words.push(node.text);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
    return words;
  };

  it('knows the verbs, and sees a command that is not to be found in a checkout', () => {
    expect(verbs).toContain('demo');
    expect('run catalyst up --embedded').toMatch(bare);
    expect('run scripts/catalyst up').not.toMatch(bare);
    expect('a catalyst that moves it').not.toMatch(bare);
  });
  it('names a bare catalyst in a source', () => {
    const sources = ['packages', 'services', 'scripts', 'nginx'].flatMap((where) =>
      filesIn(where, /(?<!\.test)\.(ts|mjs)$/),
    );
    expect(sources.length).toBeGreaterThan(300);
    const found = sources.flatMap((path) =>
      wordsOf(path)
        .filter((words) => bare.test(words))
        .map((words) => `${relative(root, path)}: ${words}`),
    );
    expect(found).toEqual([]);
  });
  it('names a bare catalyst in a document', () => {
    const documents = [
      ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'].map((name) =>
        join(root, name),
      ),
      ...['docs', 'packages', 'services', 'schema'].flatMap((where) => filesIn(where, /\.md$/)),
    ];
    const found = documents.flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => bare.test(line))
        .map((line) => `${relative(root, path)}: ${line}`),
    );
    expect(found).toEqual([]);
  });
});
