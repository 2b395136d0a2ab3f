import { CAPS, CHECKS } from './all-checks.ts';

/** Every check in the order of its weight, as a table for people. */
export const describeChecks = (): string =>
  [
    '| check | refuses | with |',
    '| --- | --- | --- |',
    ...[...CHECKS, ...CAPS].map(
      ({ name, refuses, code }) => `| ${name} | ${refuses} | \`${code}\` |`,
    ),
  ].join('\n');
