import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { alpacaEnvironment, ConfigError, loadConfig } from '@catalyst/runtime';
import { databaseEnvironment, serviceEnvironment } from '../src/service-environment.ts';
import { checkMode } from '../src/check-mode.ts';

const schema = serviceEnvironment.extend(databaseEnvironment.shape).extend(alpacaEnvironment.shape);
const good = {
  PORT: '5003',
  REDIS_URL: 'redis://127.0.0.1:6379',
  SERVICE_KEY: 'k'.repeat(43),
  SERVICE_KEY_HASHES: '{}',
  CATALYST_HOME: '/tmp',
  DATABASE_URL: 'postgres://u:p@127.0.0.1/d',
  ALPACA_API_KEY: 'PKTEST',
  ALPACA_SECRET_KEY: 'secret',
};
const faultsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
  try {
    return checkMode(loadConfig(schema, env));
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

describe('the configuration of a service', () => {
  it('tells every fault at once, each with its name', () => {
    const faults = faultsOf({
      ...good,
      PORT: 'eighty',
      REDIS_URL: 'http://redis',
      SERVICE_KEY: 'short',
      TRADING_MODE: 'LIVE',
      DATABASE_URL: undefined,
    });
    expect(faults.map((fault) => fault.split(/[: ]/)[0]).sort()).toEqual([
      'DATABASE_URL',
      'PORT',
      'REDIS_URL',
      'SERVICE_KEY',
      'TRADING_MODE',
    ]);
  });
  it('is paper when no mode is given, and refuses any other word', () => {
    expect(loadConfig(schema, good).TRADING_MODE).toBe('paper');
    for (const word of ['LIVE', 'Live', 'true', 'real', 'papre'])
      expect(faultsOf({ ...good, TRADING_MODE: word })).toEqual([
        'TRADING_MODE: expected replay, paper or live',
      ]);
  });
  it("takes two deliberate acts to be live, and the live exchange's address", () => {
    const live = {
      ...good,
      TRADING_MODE: 'live',
      ALPACA_TRADING_URL: 'https://api.alpaca.markets',
    };
    expect(faultsOf(live)[0]).toContain('DESK_ACCOUNT');
    expect(faultsOf({ ...live, DESK_ACCOUNT: '123456789' })).toEqual([]);
    expect(
      faultsOf({ ...live, DESK_ACCOUNT: '123456789', ALPACA_TRADING_URL: undefined })[0],
    ).toContain('paper-api');
  });
  it('moves its own time only as a rehearsal: on paper, under such a run, with nobody outside of this machine', () => {
    const here = {
      ALPACA_TRADING_URL: 'http://127.0.0.1:8080',
      ALPACA_DATA_URL: 'http://127.0.0.1:8080',
      ALPACA_STREAM_URL: 'ws://127.0.0.1:8080/stream',
    };
    const rehearsal = { ...good, ...here, CLOCK_LINE: '1,2,1', RUN_ID: 'rehearsal-1' };
    expect(faultsOf(rehearsal)).toEqual([]);
    expect(faultsOf({ ...rehearsal, RUN_ID: 'desk' })[0]).toContain('RUN_ID is desk');
    expect(
      faultsOf({
        ...rehearsal,
        TRADING_MODE: 'live',
        DESK_ACCOUNT: '1',
        ALPACA_TRADING_URL: 'https://api.alpaca.markets',
      })[0],
    ).toContain('TRADING_MODE is live');
    for (const [name, value] of Object.entries({
      ALPACA_TRADING_URL: undefined,
      ALPACA_DATA_URL: 'https://data.alpaca.markets',
      ALPACA_STREAM_URL: 'wss://paper-api.alpaca.markets/stream',
    }))
      expect(faultsOf({ ...rehearsal, [name]: value })[0]).toMatch(new RegExp(`^${name} is `));
    expect(faultsOf({ ...rehearsal, CLOCK_LINE: 'soon' })[0]).toMatch(/^CLOCK_LINE: expected w0/);
  });
  it('never reaches the live exchange on paper, nor any exchange but the simulator in a replay', () => {
    expect(faultsOf({ ...good, ALPACA_TRADING_URL: 'https://api.alpaca.markets' })[0]).toContain(
      'TRADING_MODE is paper',
    );
    expect(
      faultsOf({ ...good, TRADING_MODE: 'replay', REPLAY_START_AT: '2026-03-24T08:00:00Z' })[0],
    ).toContain('a replay trades with the simulator');
    expect(
      faultsOf({
        ...good,
        TRADING_MODE: 'replay',
        REPLAY_START_AT: '2026-03-24T08:00:00Z',
        ALPACA_TRADING_URL: 'http://127.0.0.1:9',
      }),
    ).toEqual([]);
  });
  it("reads a secret from the file that NAME_FILE names, and takes Alpaca's own names", () => {
    const file = join(mkdtempSync(join(tmpdir(), 'catalyst-secret-')), 'key');
    writeFileSync(file, 'from-a-file\n');
    const config = loadConfig(schema, {
      ...good,
      ALPACA_API_KEY: undefined,
      APCA_API_KEY_ID: 'PKAPCA',
      ALPACA_SECRET_KEY: undefined,
      ALPACA_SECRET_KEY_FILE: file,
    });
    expect([config.ALPACA_API_KEY, config.ALPACA_SECRET_KEY]).toEqual(['PKAPCA', 'from-a-file']);
    expect(
      faultsOf({ ...good, ALPACA_SECRET_KEY: undefined, ALPACA_SECRET_KEY_FILE: '/nowhere/key' }),
    ).toEqual(['ALPACA_SECRET_KEY_FILE: cannot read /nowhere/key (ENOENT)']);
  });
  it.each([
    ['"PKTEST"', /quotes around/],
    ["'PKTEST'", /quotes around/],
    ['`PKTEST`', /quotes around/],
    ['PKTEST"', /a quote/],
    ['PKTEST\r', /carriage return/],
    ['PKTEST ', /begins or ends with a blank/],
    [' PKTEST', /begins or ends with a blank/],
    ['PKTEST\u00a0', /begins or ends with a blank/],
    ['\ufeffPKTEST', /begins or ends with a blank/],
    ['\tPKTEST', /begins or ends with a blank/],
    [' ', /begins or ends with a blank/],
    ['PK TEST', /a blank or a control/],
    ['PK\u0000TEST', /a blank or a control/],
    ['PK\u200bTEST', /no key has/],
    ['PKTEST   # paper key', /a comment/],
    ['PKTEST#paper', /a comment/],
    ['# PKTEST', /a comment/],
    ['your_api_key_here', /placeholder/],
    ['YOUR-SECRET', /placeholder/],
    ['<key>', /placeholder/],
    ['PKXXXXXXXXXXXX', /placeholder/],
    ['changeme', /placeholder/],
    ['ALPACA_API_KEY', /placeholder/],
    ['${ALPACA_API_KEY}', /name of a variable/],
  ])('refuses the key %j by its name, in one sentence', (key, why) => {
    for (const name of ['ALPACA_API_KEY', 'ALPACA_SECRET_KEY']) {
      const faults = faultsOf({ ...good, [name]: key });
      expect(faults).toEqual([expect.stringMatching(why)]);
      expect(faults[0]).toMatch(new RegExp(`^${name}: the value `));
      expect(faults[0]!.replace(name, '')).not.toContain(key.trim() || 'nothing');
    }
  });
  it('takes the keys that Alpaca gives out, with what its older secrets hold', () => {
    for (const key of ['PKAB12CD34EF56GH78IJ', 'AKAB12CD34EF56GH78IJ', 'I6/aB+cD9eF=', 'a-b_c.d'])
      expect(faultsOf({ ...good, ALPACA_API_KEY: key, ALPACA_SECRET_KEY: key })).toEqual([]);
  });
  it('refuses a line end, quotes or a comment that came along with any other value', () => {
    for (const [name, value] of [
      ['REDIS_URL', 'redis://127.0.0.1:6379\r'],
      ['REDIS_URL', '"redis://127.0.0.1:6379"'],
      ['REDIS_URL', 'redis://127.0.0.1:6379/0 # mine'],
      ['REDIS_URL', 'redis://:p\n@127.0.0.1:6379'],
      ['DATABASE_URL', "'postgres://u:p@127.0.0.1/d'"],
      ['ALPACA_TRADING_URL', 'https://paper-api.alpaca.markets/ # paper'],
      ['PORT', '5000\r'],
      ['TRADING_MODE', '"paper"'],
      ['LOG_LEVEL', 'info '],
    ] as const)
      expect(faultsOf({ ...good, [name]: value })).toEqual([
        expect.stringMatching(new RegExp(`^${name}: `)),
      ]);
  });
});
