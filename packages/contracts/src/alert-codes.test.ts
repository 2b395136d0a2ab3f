import { expect, it } from '@jest/globals';
import { isOurAlert } from './alert-codes.ts';

it.each([
  ['DAILY_LOSS_LIMIT', true],
  ['HIGH_ERROR_RATE', true],
  ['POSITION_SIZE_LIMIT', true],
  ['ENTRY_REFUSED', false],
  // a person's reason stands in it
  ['TRADING_HALTED', false],
  // of another version, or of nobody
  ['BOUGHT_BY_MISTAKE', false],
  ['constructor', false],
])('takes the message of an alert %s for ours: %j', (code, isOurs) => {
  expect(isOurAlert(code)).toBe(isOurs);
});
