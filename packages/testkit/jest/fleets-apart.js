import { readFileSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/** Where no earlier run has told, in milliseconds. */
const FLEET_MS = 60_000;
const OTHER_MS = 2_000;
/** Fleets have all begun by then, so that no whole day is left over at the end. */
const BEGUN_BY = 0.85;

const durationOf = (tests, unknown_ms) =>
  tests.reduce((sum, { duration = unknown_ms }) => sum + duration, 0);

/**
 * Whole days, which keep every processor busy, are spread among the files that mostly wait; the
 * longest of both come first.
 */
export default class FleetsApart extends Sequencer {
  sort(tests) {
    const fleets = [];
    const others = [];
    for (const test of super.sort(tests))
      (readFileSync(test.path, 'utf8').includes('startReplay(') ? fleets : others).push(test);
    const all_fleets = durationOf(fleets, FLEET_MS);
    const all_others = durationOf(others, OTHER_MS);
    const order = [];
    for (let of_fleets = 0, of_others = 0; fleets.length + others.length > 0;) {
      const isFleetNext =
        others.length === 0 ||
        (fleets.length > 0 && of_fleets / all_fleets <= of_others / all_others / BEGUN_BY);
      const test = isFleetNext ? fleets.shift() : others.shift();
      if (isFleetNext) of_fleets += test.duration ?? FLEET_MS;
      else of_others += test.duration ?? OTHER_MS;
      order.push(test);
    }
    return order;
  }
}
