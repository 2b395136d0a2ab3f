import { fictionalCompanies, type Company } from './companies.ts';
import { moreCompanies } from './more-companies.ts';
import { createRandom } from './random.ts';
import { fitStructure, type Structure } from './structures.ts';
import type { SessionEnd } from '../volume-curve.ts';

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
export type Part =
  | 'leader'
  | 'setup'
  | 'overbought'
  | 'downtrend'
  | 'quiet'
  | 'takeover'
  | 'bad'
  | 'noise'
  | 'cheap'
  | 'thin'
  | 'silent';

export interface CastMember {
  company: Company;
  part: Part;
  /** Position among the members of the same part, from 0. */
  rank: number;
  structure: Structure | null;
}

/**
 * How many symbols an ordinary day has; companies beyond them only join larger days, so smaller
 * ones keep their cast.
 */
export const USUAL_SYMBOLS = fictionalCompanies.length;
export const MOST_SYMBOLS = USUAL_SYMBOLS + moreCompanies.length;
export const FEWEST_SYMBOLS = 20;

/**
 * Members of each part in a day of the usual size; other sizes are shared out in proportion, noise
 * takes the rest.
 */
const QUOTA: readonly (readonly [Exclude<Part, 'noise'>, number])[] = [
  ['leader', 14],
  ['setup', 12],
  ['overbought', 4],
  ['downtrend', 3],
  ['quiet', 4],
  ['takeover', 2],
  ['bad', 13],
  ['cheap', 3],
  ['thin', 4],
  ['silent', 3],
];

/**
 * The fewest members of a part: enough for every trap and for breakouts of all three outcomes. With
 * two of noise they are the 20 of the smallest day.
 */
const FEWEST: Readonly<Partial<Record<Part, number>>> = { leader: 6, setup: 2, bad: 3 };

/**
 * What the leaders do, the first ones first when there are fewer, the same again a little later
 * when there are more; minutes since midnight in New York.
 */
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

/** Minutes by which a structure begins later each time that it comes again. */
const LATER_EACH_TURN = 5;

const structureOf = (rank: number, session: SessionEnd): Structure | null => {
  const structure = STRUCTURES[rank % STRUCTURES.length];
  return structure
    ? fitStructure(
        {
          ...structure,
          at_minute: structure.at_minute + Math.floor(rank / STRUCTURES.length) * LATER_EACH_TURN,
        },
        session,
      )
    : null;
};

/** How many kinds of bad news a day of the usual size has; larger ones have them again. */
const BAD_ROLES = 13;
/**
 * Which kind of bad news a stock of the part has: 0 an offering, up to 3 a lasting fall, 4 in the
 * middle of the session, from 5 on a small gap.
 */
export const badRole = (member: CastMember): number => member.rank % BAD_ROLES;

/**
 * One company of each sector, then a second of each, and so on: the first parts come from as many
 * sectors as possible.
 */
const spreadSectors = (companies: readonly Company[]): Company[] => {
  const seen = new Map<string, number>();
  const turn = new Map(
    companies.map((company) => {
      const before = seen.get(company.sector) ?? 0;
      seen.set(company.sector, before + 1);
      return [company.symbol, before];
    }),
  );
  return companies
    .map((company, index) => ({ company, index }))
    .sort(
      (a, b) =>
        (turn.get(a.company.symbol) ?? 0) - (turn.get(b.company.symbol) ?? 0) || a.index - b.index,
    )
    .map(({ company }) => company);
};

/** Gives each company its part for the day. */
export const castDay = (seed: number, symbols: number, session: SessionEnd): CastMember[] => {
  if (!Number.isInteger(symbols) || symbols < FEWEST_SYMBOLS || symbols > MOST_SYMBOLS) {
    throw new RangeError(
      `symbols must be a whole number from ${FEWEST_SYMBOLS} to ${MOST_SYMBOLS}, was ${symbols}`,
    );
  }
  const chosen = spreadSectors(
    [
      ...createRandom(seed, 'cast').shuffle(fictionalCompanies),
      ...createRandom(seed, 'cast:more').shuffle(moreCompanies),
    ].slice(0, symbols),
  );
  const members: CastMember[] = [];
  for (const [part, full] of QUOTA) {
    const count = Math.max(FEWEST[part] ?? 1, Math.round((full * symbols) / USUAL_SYMBOLS));
    for (let rank = 0; rank < count; rank += 1) {
      const company = chosen[members.length];
      if (company)
        members.push({
          company,
          part,
          rank,
          structure: part === 'leader' ? structureOf(rank, session) : null,
        });
    }
  }
  chosen
    .slice(members.length)
    .forEach((company, rank) => members.push({ company, part: 'noise', rank, structure: null }));
  return members.sort((a, b) => (a.company.symbol < b.company.symbol ? -1 : 1));
};
