import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const decisions = readdirSync(join(root, 'docs/decisions'))
  .filter((name) => name !== 'README.md')
  .sort();
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'schema/README.md',
  ...['architecture', 'glossary', 'requirements', 'operations', 'risk', 'api'].map(
    (name) => `docs/${name}.md`,
  ),
  'docs/decisions/README.md',
  'docs/signals/README.md',
  ...decisions.map((name) => `docs/decisions/${name}`),
].filter((path) => existsSync(join(root, path)));

describe('the documents', () => {
  it.each(documents)('%s names only files that exist', (document) => {
    const named = [
      ...read(document).matchAll(
        /`((?:packages|services|tests|schema|config|scripts|nginx|docs|benchmarks)\/[^`\s]*)`/g,
      ),
    ].map((match) => match[1]!);
    const missing = named.filter(
      (path) => !/[<>*…{]|NN/.test(path) && !existsSync(join(root, path)),
    );
    expect(missing).toEqual([]);
  });
  it.each(documents)('%s links to nothing that is gone', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map((match) => match[1]!)
      .filter((link) => !/^[a-z]+:/.test(link));
    expect(links.filter((link) => !existsSync(resolve(root, document, '..', link)))).toEqual([]);
  });
  it('hold each decision on a page: background, decision, consequences, 40 lines at most, numbered without a gap', () => {
    for (const [index, name] of decisions.entries()) {
      const text = read(`docs/decisions/${name}`);
      expect([name, name.slice(0, 4)]).toEqual([name, String(index + 1).padStart(4, '0')]);
      expect([name, [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])]).toEqual([
        name,
        ['Background', 'Decision', 'Consequences'],
      ]);
      expect(text.split('\n').length).toBeLessThanOrEqual(41);
    }
  });
  it('list every decision with its title in one index, and say each in a line', () => {
    const rows = [
      ...read('docs/decisions/README.md').matchAll(
        /^\| \[(\d{4})\]\(([^)]+)\) \| (.+?) \| (.+) \|$/gm,
      ),
    ];
    expect(rows.map(([, number, file, title]) => [file, `# ${number} ${title}`])).toEqual(
      decisions.map((name) => [name, read(`docs/decisions/${name}`).split('\n')[0]]),
    );
  });
  it('say for every requirement what shows it, or that nothing does yet', () => {
    const rows = [
      ...read('docs/requirements.md').matchAll(/^\| ([RTVSN]\d[^|]*) \| ([^|]+) \| ([^|]*) \|$/gm),
    ];
    const ids = rows.flatMap((row) => row[1]!.trim().split(' '));
    const wanted = { R: 4, T: 30, V: 11, S: 18, N: 6 };
    expect([...ids].sort()).toEqual(
      Object.entries(wanted)
        .flatMap(([letter, count]) =>
          Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
        )
        .sort(),
    );
    for (const [, id, , shown] of rows) expect([id, shown!.trim().length > 10]).toEqual([id, true]);
  });
});
