import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/**
 * The whole days of `tests/` first: where no earlier run has told how long each file takes, as in a
 * fresh clone, one of them would otherwise begin last and keep the other core waiting.
 */
export default class FleetFirst extends Sequencer {
  sort(tests) {
    const isFleet = ({ path, context }) =>
      path.startsWith(`${context.config.rootDir}${sep}tests${sep}`);
    return super.sort(tests).toSorted((a, b) => Number(isFleet(b)) - Number(isFleet(a)));
  }
}
