import { PlatformError } from '@catalyst/platform';
import { blows, type Blow } from './blows.ts';
import { brokerFaults, type BrokerFault } from './broker-faults.ts';
import { halts, type HaltCase } from './halts.ts';
import { points, type Point } from './points.ts';
import type { Scene } from './scene.ts';
import { scenes } from './scenes.ts';

/** One way of breaking the desk in the middle of a trade. */
export type Case =
  | { kind: 'blow'; name: string; point: Point; blow: Blow }
  | { kind: 'broker'; name: string; fault: BrokerFault }
  | { kind: 'halt'; name: string; halt: HaltCase }
  | { kind: 'scene'; name: string; scene: Scene }
  | { kind: 'left_out'; name: string; reason: string };

const at = (point: Point, blow: Blow): Case => ({
  kind: 'blow',
  name: `${blow.name}@${point.name}`,
  point,
  blow,
});

/** Who is in the middle of the act at each point, so that its death hurts most. */
const owner = (point: Point): string =>
  point.name === 'signal_chosen' ? 'kill_workflow' : 'kill_trading';
const named = (name: string): Point => points.find((point) => point.name === name)!;
const POINTS_OF_PARTS = [
  'intent_committed',
  'filled_with_legs_live',
  'legs_cancelled',
  'own_exit_intended',
].map(named);

/** What the issue of this desk asks for and the simulated exchange cannot do. */
const left_out: Case[] = [
  {
    kind: 'left_out',
    name: 'held_stop_leg_expired',
    reason:
      'legs are good till cancelled and the simulated exchange expires none of those; a leg that somebody cancels ends the same way',
  },
];

const ownerKills = points.map((point) =>
  at(
    point,
    blows.killEach.find(({ name }) => name === owner(point))!,
  ),
);

/** Each two services at each point. */
const pairsAtPoints = (): Case[] =>
  points.flatMap((point) => blows.allPairs.map((pair) => at(point, pair)));

/**
 * The cases in the order in which they are run. Quick: each point once, with the service that is in
 * the middle of it, and each fault of the broker once; PostgreSQL ends in the scene of a dead one.
 * Otherwise each service at each point, pairs, all nine, PostgreSQL, Redis, standing still and cuts
 * as well. Pairs: each two services at each point.
 */
export const listCases = ({
  is_quick,
  is_pairs,
}: {
  is_quick: boolean;
  is_pairs: boolean;
}): Case[] => {
  if (is_pairs) return pairsAtPoints();
  const faults: Case[] = brokerFaults
    .filter((fault) => !is_quick || fault.is_quick)
    .map((fault) => ({ kind: 'broker', name: fault.name, fault }));
  const stops: Case[] = halts
    .filter((halt) => !is_quick || halt.is_quick)
    .map((halt) => ({ kind: 'halt', name: halt.name, halt }));
  const long: Case[] = scenes
    .filter((scene) => !is_quick || scene.is_quick)
    .map((scene) => {
      const reason = scene.left_out?.() ?? null;
      const { name } = scene;
      return reason === null ? { kind: 'scene', name, scene } : { kind: 'left_out', name, reason };
    });
  if (is_quick)
    return [
      ...ownerKills,
      at(named('partial_fill_seen'), blows.stops[0]!),
      at(named('legs_cancelled'), blows.all),
      ...faults,
      ...stops,
      ...long,
      ...left_out,
    ];
  return [
    // one after the other: who dies again and again within half a minute is started ever later
    ...points.flatMap((point) => blows.killEach.map((blow) => at(point, blow))),
    ...points.flatMap((point, index) => [
      at(point, blows.pairs[index % blows.pairs.length]!),
      at(point, blows.all),
    ]),
    ...POINTS_OF_PARTS.flatMap((point) =>
      [...blows.parts, ...blows.stops, ...blows.cuts, ...blows.clocks].map((blow) =>
        at(point, blow),
      ),
    ),
    at(named('partial_fill_seen'), blows.stops[0]!),
    at(named('partial_fill_seen'), blows.long_stops[0]!),
    ...faults,
    ...stops,
    ...long,
    ...left_out,
  ];
};

const holds = (name: string, text: string): boolean => name.includes(text.trim());

/** Whether a case is asked for: by nothing, or by one of several texts that its name may hold. */
export const isAskedFor = (name: string, only: string | undefined): boolean =>
  only === undefined || only.split(',').some((text) => holds(name, text));

/**
 * The cases of a list that are asked for; by name, whichever list they are in.
 * @throws PlatformError where a text is in no name
 */
export const chooseCases = (
  which: { is_quick: boolean; is_pairs: boolean },
  only: string | undefined,
): Case[] => {
  if (only === undefined) return listCases(which);
  const all = listCases({ ...which, is_quick: false });
  for (const text of only.split(','))
    if (text.trim() === '' || !all.some(({ name }) => holds(name, text)))
      throw new PlatformError(
        `no case is called ${JSON.stringify(text.trim())}; a name is such as kill_trading@exit_sent or entry_504, and --list tells them all`,
        { exit_code: 1 },
      );
  return all.filter(({ name }) => isAskedFor(name, only));
};
