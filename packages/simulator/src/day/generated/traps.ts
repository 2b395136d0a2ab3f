import type { CorporateAction, MarketEvent } from '../day.ts';
import type { CastMember, Part } from './cast.ts';
import { OPEN_MINUTE, type SessionEnd } from '../volume-curve.ts';

/**
 * Who carries which of the day's deliberate difficulties; every one exists however few symbols
 * there are.
 */
export interface TrapCast {
  /** Secondary offering, gap down. */
  offering: CastMember;
  /** A leader that is halted for ten minutes while its breakout fails. */
  halt: CastMember;
  /**
   * A leader whose quote stands still around its breakout, which fails where the day has a second
   * one that does.
   */
  stale_quote: CastMember;
  /** A split whose ex-date is the trading date. */
  split: CastMember;
  /** A stock without news that jumps through its price band. */
  luld_pause: CastMember;
  /** Good news, falling price. */
  good_news_falls: CastMember;
  /** The same story twice under two ids. */
  duplicate: CastMember;
  /** The same story in other words. */
  near_duplicate: CastMember;
  /** A headline that gives orders to whoever reads it. */
  instruction: CastMember;
  /** Markup and a script in a summary. */
  markup: CastMember;
}

export const castTraps = (cast: readonly CastMember[]): TrapCast => {
  const member = (part: Part, rank: number): CastMember => {
    const members = cast.filter((candidate) => candidate.part === part);
    const found = members.find((candidate) => candidate.rank === rank % members.length);
    if (!found) throw new RangeError(`expected a member of part ${part}, was none`);
    return found;
  };
  // day after day the same roles, whatever the size: the first of the kind that is free
  const leaders = cast.filter(({ part }) => part === 'leader').sort((a, b) => a.rank - b.rank);
  const failing = leaders.filter(
    ({ structure }) => structure?.outcome === 'fails' && structure.name !== 'fade',
  );
  const halt = failing[0] ?? member('leader', 2);
  const falling =
    leaders.find(({ structure }) => structure?.name === 'fade') ?? member('leader', 4);
  const free = leaders.filter((leader) => leader !== halt && leader !== falling);
  const stale = failing.slice(1, 4).at(-1) ?? free.at(-1) ?? halt;
  const split = free.filter((leader) => leader !== stale);
  return {
    offering: member('bad', 0),
    halt,
    stale_quote: stale,
    split: split.find(({ rank }) => rank === 7) ?? split[0] ?? stale,
    luld_pause: member('silent', 0),
    good_news_falls: falling,
    duplicate: member('setup', 0),
    near_duplicate: member('setup', 1),
    instruction: member('noise', 0),
    markup: member('noise', 1),
  };
};

export const byBeginning = (a: MarketEvent, b: MarketEvent): number =>
  a.from_minute - b.from_minute || (a.symbol < b.symbol ? -1 : 1);

export const trapEvents = (
  traps: TrapCast,
  cast: readonly CastMember[],
  session: SessionEnd,
): MarketEvent[] => {
  const breakout = (member: CastMember): number => member.structure?.at_minute ?? 600;
  const event = (
    member: CastMember,
    kind: MarketEvent['kind'],
    from: number,
    to: number,
  ): MarketEvent => ({ symbol: member.company.symbol, kind, from_minute: from, to_minute: to });
  const wide = cast
    .filter((member) => member.part === 'thin')
    .map((member) => event(member, 'wide_spread', OPEN_MINUTE, session.close_minute));
  return [
    event(traps.halt, 'halt', breakout(traps.halt) + 14, breakout(traps.halt) + 24),
    event(
      traps.stale_quote,
      'stale_quote',
      breakout(traps.stale_quote) - 2,
      breakout(traps.stale_quote) + 6,
    ),
    ...wide,
  ].sort(byBeginning);
};

/**
 * The split of the trading date and a few ordinary dividends; `sessions` are the calendar's dates
 * up to the trading date.
 */
export const trapCorporateActions = (
  traps: TrapCast,
  cast: readonly CastMember[],
  sessions: readonly string[],
): CorporateAction[] => {
  const actions: CorporateAction[] = [
    {
      symbol: traps.split.company.symbol,
      type: 'forward_split',
      ex_date: sessions.at(-1) ?? '',
      new_rate: '2',
      old_rate: '1',
      cash: null,
    },
  ];
  const payers = cast.filter(
    (member) => member.part === 'noise' && member.rank >= 2 && member.rank < 8,
  );
  for (const payer of payers) {
    const back = [0, 9, 27, 41, 58, 60][payer.rank - 2] ?? 0;
    actions.push({
      symbol: payer.company.symbol,
      type: 'cash_dividend',
      ex_date: sessions.at(-1 - back) ?? '',
      new_rate: null,
      old_rate: null,
      cash: `0.${11 + payer.rank * 3}`,
    });
  }
  return actions.sort((a, b) =>
    a.ex_date < b.ex_date ? -1 : a.ex_date > b.ex_date ? 1 : a.symbol < b.symbol ? -1 : 1,
  );
};
