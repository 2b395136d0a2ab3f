import {
  FIRST_MINUTE,
  FULL_SESSION_MINUTES,
  OPEN_MINUTE,
  type SessionEnd,
} from '../volume-curve.ts';
import { badRole, type CastMember, type Part } from './cast.ts';
import type { Leg, PricePlan } from './price-plan.ts';
import type { Random } from './random.ts';
import { structureLegs } from './structure-legs.ts';

/**
 * Volume until 08:00 over the usual, by part; parts without news that moves volume are not listed.
 */
export const PRE_MARKET_RATIOS: Readonly<Partial<Record<Part, readonly [number, number]>>> = {
  leader: [2.2, 4.8],
  setup: [1.9, 4.2],
  overbought: [2, 4.5],
  downtrend: [1.8, 3.2],
  quiet: [0.7, 1.15],
  takeover: [11, 19],
  bad: [1.8, 4.5],
};

/** Minutes after the open in a full session; proportionally fewer where it closes early. */
export const afterOpen = (minutes: number, session: SessionEnd): number =>
  OPEN_MINUTE + Math.round((minutes * (session.close_minute - OPEN_MINUTE)) / FULL_SESSION_MINUTES);

const drift = (from: number, to: number, volume: number, session: SessionEnd): Leg[] => [
  { to_minute: afterOpen(200, session), ratio: from + (to - from) * 0.75, volume },
  { to_minute: session.close_minute, ratio: to, volume: volume * 0.95 },
  { to_minute: session.end_minute, ratio: to, volume },
];

export const quietPlan = (session: SessionEnd, random: Random): PricePlan => {
  const open = 1 + 0.003 * random.bell();
  return {
    start_ratio: 1 + 0.001 * random.bell(),
    legs: [
      { to_minute: OPEN_MINUTE, ratio: open, volume: random.between(0.75, 1.2) },
      { to_minute: session.end_minute, ratio: open, volume: random.between(0.8, 1.15) },
    ],
    pull: 0,
    noise: 1,
    pre_market_volume_ratio: null,
  };
};

/**
 * A jump that nobody explains, beyond the price band within a minute; what is left when trading
 * resumes is sold again.
 */
export const spikePlan = (session: SessionEnd, random: Random): PricePlan => {
  const plan = quietPlan(session, random);
  const open = plan.legs[0]?.ratio ?? 1;
  const at = afterOpen(226, session);
  const legs: Leg[] = [
    { to_minute: OPEN_MINUTE, ratio: open, volume: 1 },
    { to_minute: at, ratio: open, volume: 1 },
    { to_minute: at + 1, ratio: open * 1.15, volume: 14 },
    { to_minute: at + 5, ratio: open * 1.075, volume: 10 },
    { to_minute: at + 11, ratio: open * 1.07, volume: 8, volume_end: 4 },
    { to_minute: at + 45, ratio: open * 1.02, volume: 3, volume_end: 1.6 },
    { to_minute: session.end_minute, ratio: open * 1.012, volume: 1.3 },
  ];
  return { ...plan, legs };
};

export const newsPlan = (
  member: CastMember,
  gap: number,
  storyMinute: number,
  ratio: number,
  session: SessionEnd,
  random: Random,
): PricePlan => {
  const { start, legs } = newsPreMarket(gap, storyMinute, random);
  const open = 1 + gap;
  const base = { start_ratio: start, pre_market_volume_ratio: ratio };
  if (member.structure)
    return {
      ...base,
      legs: [...legs, ...structureLegs(member.structure, open, session, random)],
      pull: 0.16,
      noise: 0.62,
    };
  if (member.part === 'takeover')
    return {
      ...base,
      legs: [...legs, ...drift(open, open - 0.001, 5, session)],
      pull: 0.2,
      noise: 0.12,
    };
  const kept = member.part === 'bad' ? random.between(0.5, 0.8) : random.between(0.1, 0.45);
  const volume = member.part === 'bad' ? 1.7 : random.between(1, 1.25);
  return {
    ...base,
    legs: [...legs, ...drift(open, 1 + gap * kept, volume, session)],
    pull: 0.02,
    noise: 0.95,
  };
};

/** Bad news that lasts: a deeper gap, sold further. */
export const lastingFall = (
  gap: number,
  storyMinute: number,
  ratio: number,
  session: SessionEnd,
  random: Random,
): PricePlan => {
  const { start, legs } = newsPreMarket(gap, storyMinute, random);
  return {
    start_ratio: start,
    legs: [...legs, ...drift(1 + gap, 1 + gap - random.between(0.012, 0.03), 2.6, session)],
    pull: 0.04,
    noise: 0.9,
    pre_market_volume_ratio: ratio,
  };
};

/** Bad news in the middle of the session. */
export const middayFall = (storyMinute: number, session: SessionEnd, random: Random): PricePlan => {
  const plan = quietPlan(session, random);
  const open = plan.legs[0]?.ratio ?? 1;
  const floor = open - random.between(0.045, 0.065);
  const legs: Leg[] = [
    { to_minute: OPEN_MINUTE, ratio: open, volume: 1 },
    { to_minute: storyMinute + 2, ratio: open, volume: 1 },
    { to_minute: storyMinute + 20, ratio: floor + 0.01, volume: 6, volume_end: 4 },
    { to_minute: storyMinute + 80, ratio: floor, volume: 2.5, volume_end: 1.6 },
    { to_minute: session.end_minute, ratio: floor, volume: 1.4 },
  ];
  return { ...plan, legs, pull: 0.05, noise: 0.85 };
};

export const LASTING_FALLS = 4;

/**
 * The minute of bad news in the middle of the session; each further stock that has it hears it some
 * minutes later.
 */
export const middayStory = (member: CastMember, session: SessionEnd): number =>
  afterOpen(133 + (member.rank - badRole(member)), session);

export const drawPlan = (
  member: CastMember,
  storyMinute: number,
  session: SessionEnd,
  random: Random,
): PricePlan => {
  const range = PRE_MARKET_RATIOS[member.part];
  if (range === undefined)
    return member.part === 'silent' && member.rank === 0
      ? spikePlan(session, random)
      : quietPlan(session, random);
  const ratio = random.between(...range);
  const gap = drawGap(member, random);
  if (member.part !== 'bad') return newsPlan(member, gap, storyMinute, ratio, session, random);
  if (badRole(member) < LASTING_FALLS) return lastingFall(gap, storyMinute, ratio, session, random);
  return badRole(member) === LASTING_FALLS
    ? middayFall(middayStory(member, session), session, random)
    : newsPlan(member, gap, storyMinute, ratio, session, random);
};

/**
 * Before the open on news: the story lifts (or sinks) the price in twenty minutes, then it rests on
 * falling volume and moves to its opening price.
 */
export const newsPreMarket = (
  gap: number,
  storyMinute: number,
  random: Random,
): { start: number; legs: Leg[] } => {
  const evening = storyMinute < FIRST_MINUTE;
  const pole = evening ? random.whole(418, 436) : storyMinute + random.whole(1, 3);
  const before = evening ? gap * 0.45 : gap * 0.03;
  const rest = Math.max(pole + 40, 486);
  return {
    start: 1 + (evening ? gap * 0.4 : 0),
    legs: [
      { to_minute: pole, ratio: 1 + before, volume: evening ? 1.3 : 0.8 },
      { to_minute: pole + random.whole(15, 21), ratio: 1 + gap * 1.12, volume: 7, volume_end: 5 },
      { to_minute: rest, ratio: 1 + gap * 0.86, volume: 3, volume_end: 1.3 },
      { to_minute: rest + 6, ratio: 1 + gap * 1.02, volume: 3 },
      { to_minute: OPEN_MINUTE, ratio: 1 + gap, volume: 2 },
    ],
  };
};

export const drawGap = (member: CastMember, random: Random): number => {
  if (member.part === 'takeover') return random.between(0.18, 0.27);
  if (member.part === 'bad') {
    if (badRole(member) === 0) return -random.between(0.085, 0.1);
    return badRole(member) < LASTING_FALLS
      ? -random.between(0.045, 0.08)
      : -random.between(0.015, 0.035);
  }
  return member.part === 'downtrend' ? random.between(0.012, 0.022) : random.between(0.024, 0.042);
};
