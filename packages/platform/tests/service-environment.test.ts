import { describe, expect, it } from '@jest/globals';
import { serviceNames, services, type ServiceName } from '@catalyst/contracts';
import { createServiceKeys, hashKey, serviceEnvironment } from '../src/index.ts';

const keys = createServiceKeys();
const urls = Object.fromEntries(
  serviceNames.map((name) => [name, `http://127.0.0.1:${services[name].port}`]),
) as Record<ServiceName, string>;
const simulator = {
  url: 'http://127.0.0.1:1',
  stream_url: 'ws://127.0.0.1:1/stream',
  smtp: 'smtp://127.0.0.1:2',
  day: 'd',
  trade_date: '2026-03-10',
  accounts: [{ account_number: 'a', key_id: 'k', secret_key: 's' }],
};
const environmentOf = (name: ServiceName) =>
  serviceEnvironment(
    name,
    {
      mode: 'replay',
      run_id: 'r',
      database_url: 'postgres://x',
      redis_url: 'redis://y',
      home: '/h',
      simulator,
    },
    keys,
    urls,
  );

describe('the environment of a service', () => {
  it('holds its own key and only the hashes of those who may call it', () => {
    for (const name of serviceNames) {
      const environment = environmentOf(name);
      const hashes = JSON.parse(environment.SERVICE_KEY_HASHES!) as Record<string, string>;
      expect(Object.keys(hashes)).toEqual(Object.keys(services[name].grants));
      for (const caller of Object.keys(hashes))
        expect(hashes[caller]).toBe(hashKey(keys[caller as ServiceName]));
      const text = JSON.stringify(environment);
      for (const [other, key] of Object.entries(keys))
        expect(text.includes(key)).toBe(other === name);
    }
  });

  it('gives the database to every service but orchestration, and the conducting address to workflow alone', () => {
    for (const name of serviceNames) {
      expect('DATABASE_URL' in environmentOf(name)).toBe(name !== 'orchestration');
      expect('SIMULATOR_URL' in environmentOf(name)).toBe(name === 'workflow');
    }
  });

  it('tells workflow alone who may speak MCP, by the hash of the key', () => {
    const hashes = { claude: hashKey('a key') };
    for (const name of serviceNames) {
      const environment = serviceEnvironment(
        name,
        {
          mode: 'replay',
          run_id: 'r',
          database_url: 'postgres://x',
          redis_url: 'redis://y',
          home: '/h',
          simulator,
          mcp_key_hashes: hashes,
        },
        keys,
        urls,
      );
      expect(environment.MCP_KEY_HASHES).toBe(
        name === 'workflow' ? JSON.stringify(hashes) : undefined,
      );
    }
  });

  it('makes every key 256 random bits, another each time', () => {
    expect(new Set([...Object.values(keys), ...Object.values(createServiceKeys())]).size).toBe(20);
    for (const key of Object.values(keys)) expect(Buffer.from(key, 'base64url')).toHaveLength(32);
  });
});
