import { fictionalCompanies, type Company } from './companies.ts';
import { createRandom } from './random.ts';
import type { Structure } from './structures.ts';

/**
 * What part a stock plays on the day:
 * - leader: strong good news, a healthy chart, busy pre-market, and a chart structure after the open;
 * - setup: the same without a structure;
 * - overbought, downtrend, quiet: strong good news, but the chart or the volume says no;
 * - takeover: to be bought at a premium, so it jumps and then stands still;
 * - bad: bad news, it falls;
 * - noise: news that means nothing;
 * - cheap (below $5), thin (below a million shares a day), silent (no news): what a universe leaves out.
 */
export type Part = 'leader' | 'setup' | 'overbought' | 'downtrend' | 'quiet' | 'takeover' | 'bad' | 'noise' | 'cheap' | 'thin' | 'silent';

export interface CastMember {
  company: Company;
  part: Part;
  /** Position among the members of the same part, from 0. */
  rank: number;
  structure: Structure | null;
}

export const MOST_SYMBOLS = fictionalCompanies.length;
export const FEWEST_SYMBOLS = 40;

/** Members of each part when all symbols take part; fewer symbols are shared out in proportion, noise takes the rest. */
const QUOTA: readonly (readonly [Exclude<Part, 'noise'>, number])[] = [
  ['leader', 14], ['setup', 12], ['overbought', 4], ['downtrend', 3], ['quiet', 4], ['takeover', 2], ['bad', 13], ['cheap', 3], ['thin', 4], ['silent', 3],
];

/** What the leaders do, the first ones first when there are fewer; minutes since midnight in New York. */
const STRUCTURES: readonly Structure[] = [
  { name: 'opening_range_breakout', at_minute: 598, outcome: 'runs' },
  { name: 'bull_flag', at_minute: 618, outcome: 'stalls' },
  { name: 'opening_range_breakout', at_minute: 612, outcome: 'fails' },
  { name: 'resistance_break', at_minute: 688, outcome: 'runs' },
  { name: 'fade', at_minute: 570, outcome: 'fails' },
  { name: 'quick_bull_flag', at_minute: 652, outcome: 'runs' },
  { name: 'bull_flag', at_minute: 704, outcome: 'fails' },
  { name: 'opening_range_breakout', at_minute: 640, outcome: 'stalls' },
  { name: 'resistance_break', at_minute: 748, outcome: 'stalls' },
  { name: 'quick_bull_flag', at_minute: 727, outcome: 'fails' },
  { name: 'bull_flag', at_minute: 784, outcome: 'runs' },
  { name: 'steady_trend', at_minute: 580, outcome: 'runs' },
  { name: 'opening_range_breakout', at_minute: 604, outcome: 'fails' },
  { name: 'resistance_break', at_minute: 812, outcome: 'stalls' },
];

/** One company of each sector, then a second of each, and so on: the first parts come from as many sectors as possible. */
const spreadSectors = (companies: readonly Company[]): Company[] => {
  const seen = new Map<string, number>();
  const turn = new Map(companies.map((company) => {
    const before = seen.get(company.sector) ?? 0;
    seen.set(company.sector, before + 1);
    return [company.symbol, before];
  }));
  return companies.map((company, index) => ({ company, index })).sort((a, b) => (turn.get(a.company.symbol) ?? 0) - (turn.get(b.company.symbol) ?? 0) || a.index - b.index).map(({ company }) => company);
};

/** Gives each company its part for the day. */
export const castDay = (seed: number, symbols: number): CastMember[] => {
  if (!Number.isInteger(symbols) || symbols < FEWEST_SYMBOLS || symbols > MOST_SYMBOLS) {
    throw new RangeError(`symbols must be a whole number from ${FEWEST_SYMBOLS} to ${MOST_SYMBOLS}, was ${symbols}`);
  }
  const chosen = spreadSectors(createRandom(seed, 'cast').shuffle(fictionalCompanies).slice(0, symbols));
  const members: CastMember[] = [];
  for (const [part, full] of QUOTA) {
    const count = Math.max(1, Math.round((full * symbols) / MOST_SYMBOLS));
    for (let rank = 0; rank < count; rank += 1) {
      const company = chosen[members.length];
      if (company) members.push({ company, part, rank, structure: part === 'leader' ? (STRUCTURES[rank] ?? null) : null });
    }
  }
  chosen.slice(members.length).forEach((company, rank) => members.push({ company, part: 'noise', rank, structure: null }));
  return members.sort((a, b) => (a.company.symbol < b.company.symbol ? -1 : 1));
};
