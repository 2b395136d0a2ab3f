import { describe, expect, it } from '@jest/globals';
import type { ScanResult } from '@catalyst/contracts';
import {
  eligibleCandidates,
  symbolsOfInterest,
  viewOfScan,
  WATCHLIST_SIZE,
  type EarlierDecision,
} from './market-view.ts';

const result = (
  symbol: string,
  stage: ScanResult['stage'],
  rank: number | null = null,
  strength = 0.8,
): ScanResult => ({
  symbol,
  stage,
  passed: rank !== null,
  reason: 'because',
  rank,
  composite_score: rank === null ? null : 1 / rank,
  catalyst_type: 'earnings',
  catalyst_strength: strength,
  sentiment: 0.6,
  article_id: null,
  headline: null,
  technical: null,
  pattern: null,
});
const view = viewOfScan({
  scan_id: '00000000-0000-8000-8000-000000000001',
  results: [
    result('ZZZ', 'ranking', 2),
    result('QUIET', 'universe'),
    result('AAA', 'ranking', 1),
    result('BBB', 'ranking', 2),
    result('MOVED', 'technical', null, 0.9),
    result('WEAK', 'catalyst', null, 0.1),
  ],
});
const now = '2026-03-24T14:30:00.000Z';
const decided = (
  kind: EarlierDecision['kind'],
  outcome: string,
  decided_at: string,
): EarlierDecision[] => [{ symbol: 'AAA', kind, outcome, decided_at }];
const eligible = (held: string[], decisions: EarlierDecision[]) =>
  eligibleCandidates(view, new Set(held), decisions, now).map(({ symbol }) => symbol);

describe('what a scan leaves to trade', () => {
  it('is in the order of rank, then symbol', () => {
    expect(view.candidates.map(({ symbol }) => symbol)).toEqual(['AAA', 'BBB', 'ZZZ']);
  });
  it('watches the candidates first, then whom news moves, and nobody else', () => {
    expect(view.watchlist).toEqual(['AAA', 'BBB', 'ZZZ', 'MOVED']);
    expect(symbolsOfInterest(['HELD', 'AAA'], view)).toEqual([
      'AAA',
      'HELD',
      'BBB',
      'ZZZ',
      'MOVED',
    ]);
  });
  it('is bounded', () => {
    const letters = 'ABCDEFGHIJ';
    const many = Array.from({ length: 100 }, (_, index) =>
      result(`X${letters[Math.floor(index / 10)]}${letters[index % 10]}`, 'technical'),
    );
    expect(viewOfScan({ scan_id: view.scan_id, results: many }).watchlist).toHaveLength(
      WATCHLIST_SIZE,
    );
  });
  it('leaves out what is held', () => expect(eligible(['BBB'], [])).toEqual(['AAA', 'ZZZ']));
  it.each<[string, EarlierDecision[], boolean]>([
    [
      'its order went out this morning',
      decided('enter', 'submitted', '2026-03-24T13:50:00.000Z'),
      false,
    ],
    [
      'risk refused it 14 minutes ago',
      decided('enter', 'MAX_POSITIONS', '2026-03-24T14:16:00.000Z'),
      false,
    ],
    [
      'risk refused it 15 minutes ago',
      decided('enter', 'MAX_POSITIONS', '2026-03-24T14:15:00.000Z'),
      true,
    ],
    ['a person turned it down', decided('propose', 'rejected', '2026-03-24T13:50:00.000Z'), false],
    [
      'its proposal expired 20 minutes ago',
      decided('propose', 'expired', '2026-03-24T14:10:00.000Z'),
      true,
    ],
    ['its proposal waits', decided('propose', 'waiting', '2026-03-24T14:28:00.000Z'), false],
    ['a person closed it today', decided('exit', 'closed', '2026-03-24T13:50:00.000Z'), false],
    [
      'it was only skipped',
      decided('skip', 'waiting_for_trigger', '2026-03-24T14:29:00.000Z'),
      true,
    ],
  ])('when %s, it is tried again: %#', (_what, decisions, isEligible) => {
    expect(eligible([], decisions).includes('AAA')).toBe(isEligible);
  });
});
