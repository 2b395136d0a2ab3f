import { readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { recordDay, type RecordDayOptions } from '../../src/index.ts';
import { testRecordings } from './recorded-simulator.ts';

const recorded = testRecordings();
const { start, optionsOf } = recorded;

describe('a recording of the simulator', () => {
  it.each<[string, Partial<RecordDayOptions>, RegExp]>([
    [
      'wrong keys',
      { secret: 'wrong' },
      /\/v2\/clock does not accept the keys \(401, unauthorized\.\)/,
    ],
    [
      'keys that cannot be sent, without quoting them',
      { secret: 'wrong\nkey' },
      /^(?!.*wrong).*not Alpaca keys/,
    ],
    [
      'symbols that Alpaca does not know, all of them named',
      { symbols: ['ACME', 'NONE', 'NADA'] },
      /does not know NADA, NONE/,
    ],
    [
      'words that are no symbols',
      { symbols: ['acme', '12$'] },
      /tickers such as AAPL or BRK\.B, was 12\$/,
    ],
    ['no symbols', { symbols: [] }, /must name at least one/],
    [
      'a date without a session',
      { trade_date: '2026-03-08' },
      /no session on 2026-03-08; the nearest are 2026-03-06 and 2026-03-09/,
    ],
    [
      'a date that is not over',
      { trade_date: '2026-03-11' },
      /2026-03-11 is not over: it can be recorded from 2026-03-12T00:15:00Z on/,
    ],
    [
      'a word that is no date',
      { trade_date: 'today' },
      /must be a date such as 2026-03-10, was "today"/,
    ],
  ])('is refused for %s', async (_what, fields, message) => {
    await start();
    await expect(recordDay(optionsOf(fields))).rejects.toThrow(message);
    expect(await readdir(recorded.folder)).not.toContain(recorded.nameOf('day'));
  });

  it("is refused with the broker's own words where it does not sell the data, and for a folder that is not empty", async () => {
    await start();
    recorded.relay.decide = (_number, path) => (path.startsWith('/v2/stocks/bars') ? 403 : 'pass');
    await expect(recordDay(optionsOf())).rejects.toThrow(
      '/v2/stocks/bars refuses (403, as the test wants it)',
    );
    await expect(recordDay(optionsOf({ out_dir: recorded.folder }))).rejects.toThrow(
      'is not empty',
    );
  });
});
