import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames, services, type ServiceName } from '@catalyst/contracts';
import {
  createKeyRing,
  databaseEnvironment,
  dependencyEnvironment,
  loadConfig,
  serviceEnvironment,
} from '@catalyst/service-kit';
import { parse } from 'yaml';
import type { z } from 'zod';
import { nginxVariables } from '../nginx/nginx-variables.ts';
import { prepareServer } from '../scripts/prepare-server.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Container {
  command?: string[];
  image?: string;
  ports?: string[];
  user?: string;
  environment?: Record<string, string | number>;
  depends_on?: Record<string, { condition: string; required?: boolean }>;
  secrets?: string[];
  volumes?: string[];
  networks?: string[];
  mem_limit?: string;
  restart?: string;
  read_only?: boolean;
  profiles?: string[];
  logging?: { options: Record<string, string> };
  healthcheck?: { test: string[] };
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Container>;
  secrets: Record<string, { file: string }>;
  networks: object;
};
const production = parse(read('docker-compose.prod.yml'), { merge: true }) as {
  services: Record<string, Container>;
};

/** Whatever a service reads from its environment: its own schema and what every service reads. */
const schemaOf = async (name: ServiceName): Promise<z.ZodObject> => {
  const module = (await import(`../services/${name}/src/service.ts`)) as Record<string, unknown>;
  const spec = Object.values(module).find(
    (value): value is { name: string; config: z.ZodObject } =>
      typeof value === 'object' &&
      value !== null &&
      'config' in value &&
      'api' in value &&
      (value as { name?: unknown }).name === name,
  );
  if (!spec) throw new Error(`services/${name}/src/service.ts exports no service of that name`);
  return serviceEnvironment
    .extend(services[name].uses_database ? databaseEnvironment.shape : {})
    .extend(dependencyEnvironment(name).shape)
    .extend(spec.config.shape);
};
const withoutSuffix = (name: string): string => name.replace(/_FILE$/, '');

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

describe('docker-compose.yml', () => {
  it('runs the nine services of the registry from one image, as an ordinary user, each with its port, limit and restart', () => {
    for (const name of serviceNames) {
      const container = compose.services[name]!;
      expect(container.command).toEqual(['node', `services/${name}/src/main.ts`]);
      expect(container.image).toBe('catalyst:0.1.0');
      expect(container.environment!.PORT).toBe(services[name].port);
      expect(container.mem_limit).toMatch(/^\d+m$/);
      expect(container).toMatchObject({
        restart: 'unless-stopped',
        user: '${SERVER_UID:-1000}:${SERVER_GID:-1000}',
        cap_drop: ['ALL'],
        networks: ['catalyst-network'],
      });
    }
    expect(Object.keys(compose.services).sort()).toEqual(
      [...serviceNames, 'nginx', 'postgres', 'prepare', 'redis'].sort(),
    );
  });
  it('publishes nothing but Nginx', () => {
    const published = Object.entries(compose.services)
      .filter(([, { ports }]) => ports !== undefined)
      .map(([name]) => name);
    expect(published).toEqual(['nginx']);
    expect(compose.services.nginx!.ports).toEqual([
      '${HTTPS_PORT:-443}:8443',
      '${HTTP_PORT:-80}:8080',
    ]);
    expect(Object.values(production.services).some(({ ports }) => ports !== undefined)).toBe(false);
  });
  it('starts each service once those that it calls are healthy', () => {
    for (const name of serviceNames) {
      const { redis, postgres, ...rest } = compose.services[name]!.depends_on!;
      expect(redis).toEqual({ condition: 'service_healthy' });
      expect(postgres).toEqual(
        services[name].uses_database
          ? { condition: 'service_healthy', required: false }
          : undefined,
      );
      expect(rest).toEqual(
        Object.fromEntries(
          services[name].depends_on.map((dependency) => [
            dependency,
            { condition: 'service_healthy' },
          ]),
        ),
      );
    }
  });
  it('gives each service the addresses of those that it calls and no others, its own key and no other', () => {
    for (const name of serviceNames) {
      const { environment, secrets } = compose.services[name]!;
      const addresses = Object.fromEntries(
        Object.entries(environment!).filter(([variable]) =>
          serviceNames.some((other) => variable === `${other.toUpperCase()}_URL`),
        ),
      );
      expect(addresses).toEqual(
        Object.fromEntries(
          services[name].depends_on.map((other) => [
            `${other.toUpperCase()}_URL`,
            `http://${other}:${services[other].port}`,
          ]),
        ),
      );
      expect(secrets!.filter((secret) => secret.endsWith('_key'))).toEqual([`${name}_key`]);
      expect(secrets!.includes('database_url')).toBe(services[name].uses_database);
      for (const secret of secrets!) expect(compose.secrets).toHaveProperty(secret);
    }
  });
  it('sets nothing that a service does not read, and leaves nothing out that it must be given', async () => {
    for (const name of serviceNames) {
      const { shape } = await schemaOf(name);
      const given = Object.keys(compose.services[name]!.environment!).map(withoutSuffix);
      expect([name, given.filter((variable) => !(variable in shape))]).toEqual([name, []]);
      const needed = Object.entries(shape)
        .filter(([, type]) => !(type as z.ZodType).safeParse(undefined).success)
        .map(([variable]) => variable);
      expect([name, needed.filter((variable) => !given.includes(variable))]).toEqual([name, []]);
    }
  });
  it('trades on paper unless TRADING_MODE says otherwise', () => {
    for (const name of serviceNames)
      expect(compose.services[name]!.environment!.TRADING_MODE).toBe('${TRADING_MODE:-paper}');
  });
  it("gives Nginx a value for every placeholder of its configuration and the registry's ports", () => {
    const addresses = Object.fromEntries(
      serviceNames.map((name) => [name, `${name}:${services[name].port}`]),
    ) as Record<ServiceName, string>;
    const wanted = nginxVariables({
      https_listen: '8443',
      http_listen: '8080',
      addresses,
      keys_dir: '/run/secrets/nginx',
      run_dir: '/run/nginx',
      resolver: '127.0.0.11',
    });
    expect(compose.services.nginx!.environment).toEqual(expect.objectContaining(wanted));
  });
});

describe('docker-compose.prod.yml', () => {
  it("starts no PostgreSQL of its own and asks for the managed one's address with TLS", () => {
    expect(production.services.postgres!.profiles).toEqual(['local-database']);
    for (const name of serviceNames) {
      expect(production.services[name]!.environment?.DATABASE_URL).toBe(
        services[name].uses_database
          ? '${DATABASE_URL:?set it to the managed PostgreSQL, with sslmode=require}'
          : undefined,
      );
    }
  });
  it('rotates the logs and keeps the file systems of Nginx, Redis and the services read-only', () => {
    for (const name of [...serviceNames, 'nginx', 'redis']) {
      expect(production.services[name]).toMatchObject({
        read_only: true,
        restart: 'always',
        logging: { options: { 'max-size': '10m', 'max-file': '10' } },
      });
    }
    expect(Object.keys(production.services).filter((name) => !(name in compose.services))).toEqual(
      [],
    );
  });
});

describe('Dockerfile', () => {
  it('builds on the Node of the project, leaves development packages out, runs as a user without rights and checks its health', () => {
    const text = read('Dockerfile');
    expect(text.match(/^FROM (\S+)/gm)).toEqual(['FROM node:24-slim', 'FROM node:24-slim']);
    expect(JSON.parse(read('package.json')).devDependencies.node).toMatch(/^24\./);
    for (const line of [/npm ci --omit=dev/, /^USER node$/m, /^HEALTHCHECK /m, /\/health\/live/])
      expect(text).toMatch(line);
  });
  it("is not given secrets, the checkout's packages or its history", () => {
    const ignored = read('.dockerignore').split('\n');
    for (const name of ['.env', '.env.*', '.catalyst', '.git', '**/node_modules'])
      expect(ignored).toContain(name);
  });
});

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

describe('prepare-server', () => {
  it('makes secrets with which every service of Compose accepts its configuration and knows its callers, and keeps them when it runs again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'catalyst-server-'));
    const [secrets, home] = [join(folder, 'secrets'), join(folder, 'home')];
    try {
      expect(prepareServer(secrets, home).made).toContain('workflow_key');
      const before = readFileSync(join(secrets, 'workflow_key'), 'utf8');
      expect(prepareServer(secrets, home).made).toEqual([]);
      expect(readFileSync(join(secrets, 'workflow_key'), 'utf8')).toBe(before);
      expect(
        [secrets, join(secrets, 'workflow_key'), join(secrets, 'nginx/operator-keys.map')].map(
          (path) => statSync(path).mode & 0o077,
        ),
      ).toEqual([0, 0, 0]);
      for (const { file } of Object.values(compose.secrets))
        expect(existsSync(file.replace('${SERVER_SECRETS:-./.catalyst/secrets}', secrets))).toBe(
          true,
        );

      const filledIn: Record<string, string> = {
        ALPACA_API_KEY: 'key',
        ALPACA_SECRET_KEY: 'secret',
      };
      for (const name of serviceNames) {
        const environment = Object.fromEntries(
          Object.entries(compose.services[name]!.environment!).map(([variable, value]) => [
            variable,
            String(value)
              .replace(
                /\$\{([A-Z_]+):-(.*?)\}/,
                (_, wanted: string, fallback: string) => filledIn[wanted] ?? fallback,
              )
              .replace('/run/secrets', secrets),
          ]),
        );
        const config = loadConfig(await schemaOf(name), environment) as {
          TRADING_MODE: string;
          SERVICE_KEY_HASHES: Record<string, string>;
        };
        expect(config.TRADING_MODE).toBe('paper');
        const findKey = createKeyRing(name, config.SERVICE_KEY_HASHES);
        for (const caller of Object.keys(services[name].grants))
          expect(findKey(readFileSync(join(secrets, `${caller}_key`), 'utf8'))?.caller).toBe(
            caller,
          );
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('schema/README.md', () => {
  const files = readdirSync(join(root, 'schema'))
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const sql = files.map((name) => read(`schema/${name}`)).join('\n');
  const created = (kind: 'TABLE' | 'VIEW') =>
    [
      ...sql.matchAll(
        new RegExp(
          `CREATE (?:OR REPLACE |UNLOGGED )?(?:MATERIALIZED )?${kind} (?:IF NOT EXISTS )?(\\w+)`,
          'g',
        ),
      ),
    ].map((match) => match[1]!);
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
    ).toEqual([...new Set(created('VIEW'))].sort());
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
