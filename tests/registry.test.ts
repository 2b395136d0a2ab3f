import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames, services, type ServiceName } from '@catalyst/contracts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the service registry', () => {
  it('has the nine services of the design on their ports, and no circle in what they call', () => {
    expect(Object.entries(services).map(([name, { port }]) => `${name} ${port}`)).toEqual([
      'orchestration 5000',
      'scanner 5001',
      'pattern 5002',
      'technical 5003',
      'risk 5004',
      'trading 5005',
      'workflow 5006',
      'news 5008',
      'reporting 5009',
    ]);
    const visit = (name: ServiceName, path: ServiceName[]): void => {
      expect(path).not.toContain(name);
      for (const dependency of services[name].depends_on) visit(dependency, [...path, name]);
    };
    for (const name of serviceNames) visit(name, []);
  });
  it('grants every caller something at each service that it calls', () => {
    for (const name of serviceNames)
      for (const dependency of services[name].depends_on)
        expect(services[dependency].grants).toHaveProperty(name);
  });
  it('has a folder for each service and no other', () => {
    expect(readdirSync(join(root, 'services')).sort()).toEqual([...serviceNames].sort());
  });
});

describe('schema/README.md', () => {
  const files = readdirSync(join(root, 'schema'))
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const sql = files.map((name) => read(`schema/${name}`)).join('\n');
  /** What is there once all of it ran. */
  const created = (kind: 'TABLE' | 'VIEW'): string[] => {
    const there = new Set<string>();
    const statement = new RegExp(
      `(CREATE|DROP) (?:OR REPLACE |UNLOGGED )?(?:MATERIALIZED )?${kind} (?:IF NOT EXISTS )?(\\w+)`,
      'g',
    );
    for (const [, verb, name] of sql.matchAll(statement))
      if (verb === 'CREATE') there.add(name!);
      else there.delete(name!);
    return [...there];
  };
  const rows = (heading: string) => {
    const section =
      read('schema/README.md')
        .split(/^## /m)
        .find((part) => part.startsWith(heading)) ?? '';
    return [...section.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map((match) => ({
      name: match[1]!,
      by: match[2]!.trim(),
    }));
  };

  const statements = (name: ServiceName): string[] =>
    readdirSync(join(root, 'services', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .map((path) => read(`services/${name}/src/${path}`));
  const found = (name: ServiceName, pattern: RegExp): Set<string> =>
    new Set(
      statements(name).flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1]!)),
    );

  it('names every table once with one writing service', () => {
    expect(
      rows('Tables')
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...created('TABLE'), 'schema_migrations'].sort());
    for (const { name, by } of rows('Tables'))
      expect([name, ['service-kit', 'migrations', 'nobody yet', ...serviceNames]]).toEqual([
        name,
        expect.arrayContaining([by]),
      ]);
  });
  it('names every view once, with the services that read it', () => {
    expect(
      rows('Views')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(created('VIEW').sort());
    for (const { name: view, by } of rows('Views')) {
      const readers = serviceNames
        .filter((service) => found(service, new RegExp(`\\b(${view})\\b`, 'g')).size > 0)
        .sort();
      expect([view, by]).toEqual([
        view,
        readers.length > 0 ? readers.join(', ') : 'people, by hand',
      ]);
    }
  });
  it("holds for the services' own statements: each writes its own tables, and reads another's only through a view", () => {
    const owners = new Map(rows('Tables').map(({ name, by }) => [name, by]));
    const dimensions = new Set(['sectors', 'securities', 'time_dimension']);
    for (const service of serviceNames) {
      const foreign = (pattern: RegExp) =>
        [...found(service, pattern)].filter(
          (table) => owners.has(table) && owners.get(table) !== service,
        );
      expect([service, foreign(/(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)/g)]).toEqual([
        service,
        [],
      ]);
      expect([
        service,
        foreign(/(?:FROM|JOIN)\s+(\w+)/g).filter((table) => !dimensions.has(table)),
      ]).toEqual([service, []]);
    }
  });
});
