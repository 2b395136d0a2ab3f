import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import {
  startSimulator,
  type PacingClock,
  type RecordDayOptions,
  type Simulator,
  type SimulatorOptions,
} from '../../src/index.ts';
import { startRelay, type Relay } from '../relay.ts';
import { TRADE_DATE } from '../small-day.ts';
import { original } from './recorded-day.ts';

/** The simulator that a test records, and where its recordings go; both are there once it started. */
export interface RecordedSimulator {
  readonly simulator: Simulator;
  readonly relay: Relay;
  /** Of all tests of the file. */
  readonly folder: string;
  /** Starts the simulator after its day, and the relay on the way to it; they end with the test. */
  start(options?: Partial<SimulatorOptions>): Promise<void>;
  /** A recording through the relay, to `place('day')`. */
  optionsOf(fields?: Partial<RecordDayOptions>): RecordDayOptions;
  /** A name in the folder that is this test's own. */
  nameOf(what: string): string;
  /** The path of that name. */
  place(what: string): string;
}

/** Pauses take no time. */
export const quickClock = (
  onPause: (milliseconds: number) => void = () => undefined,
): PacingClock => {
  let now = Date.parse('2026-04-01T00:00:00Z');
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
      onPause(milliseconds);
    },
  };
};

/** A folder for the tests of the file, and a simulator for each that starts it. */
export const testRecordings = (): RecordedSimulator => {
  let folder = '';
  let count = 0;
  let simulator: Simulator | null = null;
  let relay: Relay | null = null;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recordings-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(() => {
    count += 1;
  });
  afterEach(async () => {
    await relay?.close();
    await simulator?.close();
    relay = simulator = null;
  });

  const nameOf = (what: string): string => `${what}-${count}`;
  const place = (what: string): string => join(folder, nameOf(what));
  return {
    get simulator() {
      return simulator!;
    },
    get relay() {
      return relay!;
    },
    get folder() {
      return folder;
    },
    start: async (options = {}) => {
      simulator = await startSimulator({ day: original, at: '20:15', ...options });
      relay = await startRelay(simulator.url);
    },
    optionsOf: (fields = {}) => ({
      trade_date: TRADE_DATE,
      symbols: ['BETA', 'ACME'],
      feed: 'sip',
      key: simulator!.accounts[0]!.key_id,
      secret: simulator!.accounts[0]!.secret_key,
      trading_url: relay!.url,
      data_url: relay!.url,
      cache_dir: place('cache'),
      out_dir: place('day'),
      clock: quickClock(),
      ...fields,
    }),
    nameOf,
    place,
  };
};
