import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames, services } from '@catalyst/contracts';
import { createKeyRing, loadConfig } from '@catalyst/service-kit';
import { prepareServer } from '../scripts/prepare-server.ts';
import { composeFile, interpolate, readCompose } from './compose-files.ts';
import { schemaOf } from './service-schemas.ts';

const compose = composeFile.parse(readCompose('docker-compose.yml'));

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
        expect(existsSync(String(interpolate(file, { SERVER_SECRETS: secrets })))).toBe(true);

      const filledIn: Record<string, string> = {
        ALPACA_API_KEY: 'key',
        ALPACA_SECRET_KEY: 'secret',
      };
      for (const name of serviceNames) {
        const environment = Object.fromEntries(
          Object.entries(compose.services[name]!.environment!).map(([variable, value]) => [
            variable,
            String(interpolate(value, filledIn)).replace('/run/secrets', secrets),
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
