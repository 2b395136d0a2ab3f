import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@catalyst/contracts';
import type { z } from 'zod';
import { schemaOf } from './service-schemas.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('.env.example', () => {
  const lines = read('.env.example').split('\n');
  const entries = lines.flatMap((line, index) => {
    const match = /^(#?)([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    return match
      ? [
          {
            name: match[2]!,
            value: match[3]!,
            is_default: match[1] === '#',
            comment: lines[index - 1]!,
          },
        ]
      : [];
  });

  it('has every variable that a service or a Compose file reads, each once with a comment, and no other', async () => {
    const read_by_services = (await Promise.all(serviceNames.map(schemaOf))).flatMap(({ shape }) =>
      Object.keys(shape),
    );
    const read_by_compose = [
      ...`${read('docker-compose.yml')}${read('docker-compose.prod.yml')}`.matchAll(
        /\$\{([A-Z_]+)/g,
      ),
    ].map((match) => match[1]!);
    expect(entries.map(({ name }) => name).sort()).toEqual(
      [...new Set([...read_by_services, ...read_by_compose])].sort(),
    );
    for (const { name, comment } of entries)
      expect([name, comment]).toEqual([name, expect.stringMatching(/^# \S.{8,}/)]);
  });
  it("states defaults that are the schemas' own", async () => {
    for (const name of serviceNames) {
      const { shape } = await schemaOf(name);
      for (const entry of entries.filter(({ is_default }) => is_default)) {
        const type = shape[entry.name] as z.ZodType | undefined;
        const fallback = type?.safeParse(undefined);
        if (fallback?.success && fallback.data !== undefined)
          expect([entry.name, type!.parse(entry.value)]).toEqual([entry.name, fallback.data]);
      }
    }
  });
  it('gives every variable a value that each service which reads it accepts, or none', async () => {
    for (const name of serviceNames) {
      const { shape } = await schemaOf(name);
      for (const { name: variable, value } of entries.filter(({ value }) => value !== '')) {
        const issues = (shape[variable] as z.ZodType | undefined)?.safeParse(value).error?.issues;
        expect([name, variable, issues]).toEqual([name, variable, undefined]);
      }
    }
  });
  it("states the defaults of what Compose alone reads as Compose's own", async () => {
    const read_by_services = new Set(
      (await Promise.all(serviceNames.map(schemaOf))).flatMap(({ shape }) => Object.keys(shape)),
    );
    const defaults = new Map(
      [...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)].map(
        ([, name, value]) => [name!, value!],
      ),
    );
    const of_compose = entries.filter(({ name }) => !read_by_services.has(name));
    expect(of_compose.length).toBeGreaterThan(0);
    for (const { name, value } of of_compose)
      expect([name, value]).toEqual([name, defaults.get(name)]);
  });
  it('is read as the same names and values by a parser of such files', () => {
    const parsed = parseEnv(read('.env.example').replace(/^#(?=[A-Z][A-Z0-9_]*=)/gm, ''));
    expect(parsed).toEqual(Object.fromEntries(entries.map(({ name, value }) => [name, value])));
  });
  it('means paper, and holds no secret', () => {
    const set = Object.fromEntries(
      entries.filter(({ is_default }) => !is_default).map(({ name, value }) => [name, value]),
    );
    expect(set).toEqual({
      TRADING_MODE: 'paper',
      ALPACA_API_KEY: '',
      ALPACA_SECRET_KEY: '',
      SMTP_URL: '',
      MAIL_FROM: '',
      MAIL_TO: '',
    });
  });
});
