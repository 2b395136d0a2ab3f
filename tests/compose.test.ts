import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { serviceNames, services, type ServiceName } from '@catalyst/contracts';
import { referenceData } from '@catalyst/testkit';
import type { z } from 'zod';
import { nginxVariables } from '../nginx/nginx-variables.ts';
import { composeFile, interpolate, mergeCompose, readCompose } from './compose-files.ts';
import { schemaOf } from './service-schemas.ts';

const root = resolve(import.meta.dirname, '..');
const base = readCompose('docker-compose.yml');
const overlay = readCompose('docker-compose.prod.yml');
const clients = readCompose('packages/execution-client/compose.yml');
const merged = mergeCompose(base, overlay);
const managed = { DATABASE_URL: 'postgresql://catalyst:p@db.example.com/catalyst?sslmode=require' };
const compose = composeFile.parse(base);
const production = composeFile.parse(overlay);

const files = {
  'docker-compose.yml': interpolate(base),
  'docker-compose.prod.yml': interpolate(overlay, managed),
  'the two together': interpolate(merged, managed),
  "the friend's client": interpolate(clients),
};

const schema = referenceData && join(referenceData, 'compose/compose-spec.json');
if (!schema)
  process.stderr.write(
    'LEFT OUT of tests/compose.test.ts: what holds the files against the Compose specification, since the reference data is not here\n',
  );
const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
if (!hasCompose)
  process.stderr.write(
    'LEFT OUT of tests/compose.test.ts: docker compose config, since Docker Compose is not installed here\n',
  );

describe('the Compose files', () => {
  it.each(Object.entries(files))('are of the shape that Compose reads: %s', (_, file) => {
    expect(composeFile.safeParse(file).error?.issues ?? []).toEqual([]);
  });
  (schema ? it : it.skip).each(Object.entries(files))(
    'keep to the Compose specification: %s',
    (_, file) => {
      const ajv = new Ajv({ strict: false, allErrors: true });
      addFormats.default(ajv);
      const { $schema: _draft, ...specification } = JSON.parse(readFileSync(schema!, 'utf8')) as {
        $schema: string;
      };
      const isValid = ajv.compile(specification);
      isValid(file);
      expect(isValid.errors ?? []).toEqual([]);
    },
  );
  (hasCompose ? it : it.skip).each([[[]], [['-f', 'docker-compose.prod.yml']]])(
    'are accepted by docker compose config, with %j',
    (more) => {
      const { status, stderr } = spawnSync(
        'docker',
        ['compose', '-f', 'docker-compose.yml', ...more, 'config', '--quiet'],
        { cwd: root, encoding: 'utf8', env: { ...process.env, ...managed } },
      );
      expect([status, stderr]).toEqual([0, '']);
    },
  );
  it('ask for the managed database in production before anything starts', () => {
    expect(() => interpolate(merged)).toThrow('DATABASE_URL is required');
  });
  it('lose nothing of the first file when the second is laid over it', () => {
    const together = composeFile.parse(merged).services;
    expect(together.nginx!.tmpfs).toEqual(['/run/nginx:mode=1777,size=32m', '/tmp']);
    const changed = {
      tmpfs: null,
      restart: null,
      profiles: null,
      environment: null,
      logging: null,
    };
    for (const [name, before] of Object.entries(compose.services)) {
      expect({ ...together[name], ...changed }).toMatchObject({ ...before, ...changed });
      expect(together[name]!.environment ?? {}).toMatchObject(before.environment ?? {});
    }
  });
  it('start programs and mount folders that are in the checkout, and the programs in the image', () => {
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    const programs = Object.values(compose.services).flatMap(({ command, healthcheck }) => [
      ...(command?.[0] === 'node' ? [command[1]!] : []),
      ...(healthcheck?.test[1] === 'node' ? [healthcheck.test[2]!] : []),
    ]);
    expect(new Set(programs).size).toBe(serviceNames.length + 2);
    for (const path of programs) {
      expect([path, existsSync(join(root, path))]).toEqual([path, true]);
      const left_out = ignored.filter((one) => one !== '' && `${path}/`.startsWith(`${one}/`));
      expect([path, left_out]).toEqual([path, []]);
    }
    const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes);
    for (const path of mounted.filter((volume) => volume.startsWith('./')))
      expect([path, existsSync(join(root, path.split(':')[0]!))]).toEqual([path, true]);
  });
});

describe("the friend's compose file", () => {
  const { services: all, volumes } = composeFile.parse(clients);
  const { client, ...others } = all;
  it('runs the packed client alone, by a command that it has, and keeps its folder', () => {
    expect(others).toEqual({});
    const { name, version, bin } = JSON.parse(
      readFileSync(join(root, 'packages/execution-client/package.json'), 'utf8'),
    ) as { name: string; version: string; bin: Record<string, string> };
    expect(Object.keys(bin)).toContain(client!.command![0]);
    const { dockerfile_inline } = client!.build as { dockerfile_inline: string };
    expect(dockerfile_inline).toContain('FROM node:24-slim');
    const packed = `${name.replace('@', '').replace('/', '-')}-`;
    expect(dockerfile_inline).toContain(`COPY ${packed}*.tgz`);
    expect(readFileSync(join(root, 'packages/execution-client/compose.yml'), 'utf8')).toContain(
      `${packed}${version}.tgz`,
    );
    expect(client!.environment).toEqual({ CATALYST_CLIENT_HOME: '/client' });
    expect(client!.volumes).toEqual(['client:/client']);
    expect(volumes).toEqual({ client: null });
  });
  it('gives it no more rights than it needs, opens no port, and lets it end its work', () => {
    expect(client).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      init: true,
      restart: 'unless-stopped',
      stop_grace_period: '20s',
    });
    expect((client!.build as { dockerfile_inline: string }).dockerfile_inline).toMatch(
      /USER node$/m,
    );
    expect(client!.ports).toBeUndefined();
  });
});

const withoutSuffix = (name: string): string => name.replace(/_FILE$/, '');

describe('docker-compose.yml', () => {
  it('lets only risk write the limits, only risk and trading the halt, only reporting the reports, each its own journal', () => {
    const writers = (folder: string): string[] =>
      serviceNames.filter((name) =>
        compose.services[name]!.volumes!.some((volume) =>
          volume.endsWith(`:/var/lib/catalyst/${folder}`),
        ),
      );
    expect(writers('config')).toEqual(['risk']);
    expect(writers('state')).toEqual(['risk', 'trading']);
    expect(writers('reports')).toEqual(['reporting']);
    for (const name of serviceNames) expect(writers(`journal/${name}`)).toEqual([name]);
    const mounted = serviceNames.flatMap((name) => compose.services[name]!.volumes!);
    for (const volume of mounted)
      expect(volume).toMatch(
        /^\$\{SERVER_HOME:-\.\/\.catalyst\/server\}\/([\w/]+):\/var\/lib\/catalyst\/\1(:ro)?$/,
      );
    for (const name of serviceNames)
      expect(compose.services[name]!.volumes!.join()).toContain('/var/lib/catalyst/config');
  });
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

describe('the logs of the desk', () => {
  it('are rotated, whichever container writes them', () => {
    for (const name of [...serviceNames, 'nginx', 'redis', 'postgres'])
      expect(compose.services[name]).toMatchObject({
        logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
      });
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
