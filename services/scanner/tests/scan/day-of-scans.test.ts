import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { catalystOf } from '../neighbours.ts';
import { deskForAll, symbols } from './scanner-desk.ts';

const desk = deskForAll();

describe('in the session', () => {
  it('the universe of the cycle stands, over a restart too, until a new stock is in the news', async () => {
    desk.answers.catalysts = symbols.slice(0, 60).map((symbol) => catalystOf(symbol));
    await desk.scan(desk.step());
    await desk.scan(desk.step(), { phase: 'intraday' });
    await desk.restart();
    desk.answers.catalysts = desk.answers.catalysts.map((catalyst) => ({
      ...catalyst,
      strength: 0.9,
    }));
    const before = await desk.scan(desk.step(), { phase: 'intraday' });
    expect(desk.routes().filter((route) => route === 'selectUniverse')).toHaveLength(1);
    expect(before.scan!.counts.universe).toBe(60);
    desk.answers.catalysts = [...desk.answers.catalysts, catalystOf(symbols[70]!)];
    const after = await desk.scan(desk.step(), { phase: 'intraday' });
    expect(desk.routes().filter((route) => route === 'selectUniverse')).toHaveLength(2);
    expect(after.scan!.counts.universe).toBe(61);
  });

  it('a cash takeover at its price is refused with the numbers', async () => {
    desk.answers.catalysts = [
      catalystOf(symbols[0]!, {
        catalyst_type: 'merger_acquisition',
        headline: 'To be acquired for $50.50 per share in cash',
        strength: 0.95,
      }),
      catalystOf(symbols[1]!),
    ];
    const { scan: result } = await desk.scan(desk.step(), { phase: 'intraday' });
    expect(result!.results.find((item) => item.symbol === symbols[0])).toMatchObject({
      stage: 'technical',
      passed: false,
      reason:
        'price was 50.00, -0.99 % from the 50.50 in cash announced per share, not farther than 3 %',
    });
    expect(result!.results[0]).toMatchObject({ symbol: symbols[1], rank: 1 });
  });

  it('the surest pattern of a stock counts, and no technical call is made when nothing is strong', async () => {
    desk.answers.catalysts = [catalystOf(symbols[0]!)];
    desk.answers.patterns.set(symbols[0]!, [
      { pattern: 'gap_and_hold', confidence: 0.9 },
      { pattern: 'bull_flag', confidence: 0.75 },
    ]);
    expect((await desk.scan(desk.step())).scan!.results[0]).toMatchObject({
      pattern: { pattern: 'gap_and_hold' },
    });
    desk.answers.catalysts = [catalystOf(symbols[0]!, { sentiment: -0.9 })];
    desk.answers.asked.length = 0;
    const { scan: result } = await desk.scan(desk.step());
    expect(result!.counts).toMatchObject({ universe: 1, catalyst: 0, ranking: 0 });
    // the universe stands while the same stocks are in the news, before the open too
    expect(desk.routes()).toEqual(['queryCatalysts']);
  });
});

describe('where a service cannot be asked', () => {
  it('stored stories are used without news, in half the universe, and the scan says so', async () => {
    await desk.scan(desk.step());
    desk.answers.down.add('news');
    const { status, scan: result } = await desk.scan(desk.step());
    expect(status).toBe('complete');
    expect(result!.degraded).toEqual([
      expect.stringContaining(
        'news is degraded, the stories of the last scan and a universe of 50 are used: news cannot answer',
      ),
    ]);
    expect(result!.counts).toMatchObject({ universe: 50, catalyst: 35, ranking: 5 });
    expect(
      desk.answers.asked
        .filter((item) => item.route === 'selectUniverse')
        .map((item) => item.limit),
    ).toEqual([100, 50]);
  });

  it('a news source that is away is told with the scan, which uses the stored stories and the whole universe', async () => {
    desk.answers.news_faults.push('alpaca news is degraded, stored news is used: status 500');
    const { scan: result } = await desk.scan(desk.step());
    expect(result).toMatchObject({
      status: 'complete',
      degraded: ['alpaca news is degraded, stored news is used: status 500'],
      counts: { universe: 100, ranking: 5 },
    });
    desk.answers.news_faults.length = 0;
    expect((await desk.scan(desk.step())).scan!.degraded).toEqual([]);
  });

  it.each([['technical'], ['pattern']])(
    'the scan fails without %s, with the reason, and keeps no half results',
    async (name) => {
      desk.answers.down.add(name);
      const scan_id = stableId('scan', 'failed', name);
      const at = desk.step();
      const failed = await desk.scan(at, { scan_id });
      expect(failed).toMatchObject({
        status: 'failed',
        scan: { results: [], degraded: [`the scan failed: BROKER_REFUSED: ${name} cannot answer`] },
      });
      desk.answers.down.clear();
      expect(await desk.scan(at, { scan_id })).toEqual(failed);
      expect(await desk.stored(scan_id)).toHaveLength(0);
      expect((await desk.events()).some((event) => event.payload.scan_id === scan_id)).toBe(false);
    },
  );
});

describe('the thresholds', () => {
  it('take effect with the next scan after a save; a bad file keeps them and health says why', async () => {
    const path = join(desk.home, 'config', 'scanner.yaml');
    const good = readFileSync(path, 'utf8');
    writeFileSync(path, good.replace('  limit: 5\n', '  limit: 3\n'));
    expect((await desk.scan(desk.step())).scan!.counts.ranking).toBe(3);
    writeFileSync(path, good.replace('min_rsi: 40', 'min_rsi: 90'));
    expect((await desk.scan(desk.step())).scan!.counts.ranking).toBe(3);
    const health = (await (await fetch(`${desk.service.url}/health`)).json()) as {
      status: string;
      notes: string[];
    };
    expect(health).toMatchObject({
      status: 'degraded',
      notes: [expect.stringContaining('min_rsi must be below max_rsi')],
    });
    writeFileSync(path, good);
    expect((await desk.scan(desk.step())).scan!.counts.ranking).toBe(5);
  });
});
