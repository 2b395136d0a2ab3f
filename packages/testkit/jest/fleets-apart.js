import { readFileSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/**
 * What a file does and for how many milliseconds, where no earlier run has told; the first that fits.
 * Programs of its own come from a file that starts them, or seven services for each test.
 */
const GUESSES = [
  [/runDrill\(/, 300_000],
  [/startRehearsal\(/, 150_000],
  [/startReplay\(/, 60_000],
  [
    /runCatalyst|startInBackground|startFixtureFleet|paperDeskForEach|testPackedSimulator|tradingProcess|spawn\w*\(/,
    20_000,
  ],
  [/^/, 2_000],
];
/** Fleets have all begun by then, so that no whole day is left over at the end. */
const BEGUN_BY = 0.85;

const expectationOf = (test) => {
  const text = readFileSync(test.path, 'utf8');
  const is_fleet = text.includes('startReplay(');
  const [, unknown_ms] = GUESSES.find(([does]) => does.test(text));
  return { test, is_fleet, ms: test.duration ?? unknown_ms };
};
const sumOf = (expected) => expected.reduce((sum, { ms }) => sum + ms, 0);

/**
 * Whole days, which keep every processor busy, are spread among the files that mostly wait; the
 * longest of both come first.
 */
export default class FleetsApart extends Sequencer {
  sort(tests) {
    const expected = super.sort(tests).map(expectationOf);
    // the first run of a checkout knows the size of a file alone
    if (tests.every(({ duration }) => duration === undefined))
      expected.sort((left, right) => right.ms - left.ms);
    const fleets = expected.filter(({ is_fleet }) => is_fleet);
    const others = expected.filter(({ is_fleet }) => !is_fleet);
    const all_fleets = sumOf(fleets);
    const all_others = sumOf(others);
    const order = [];
    for (let of_fleets = 0, of_others = 0; fleets.length + others.length > 0;) {
      const isFleetNext =
        others.length === 0 ||
        (fleets.length > 0 && of_fleets / all_fleets <= of_others / all_others / BEGUN_BY);
      const { test, ms } = isFleetNext ? fleets.shift() : others.shift();
      if (isFleetNext) of_fleets += ms;
      else of_others += ms;
      order.push(test);
    }
    return order;
  }
}
