import { describe, expect, it } from '@jest/globals';
import { refusedKeys } from './vendor-errors.ts';

const paper = 'https://paper-api.alpaca.markets';
const live = 'https://api.alpaca.markets';

describe('keys that the broker refuses', () => {
  it.each([
    ['AKAB12CD34EF56GH78IJ', paper, /look like live keys.* make paper keys at https/],
    ['PKAB12CD34EF56GH78IJ', live, /look like paper keys.* make live keys at https/],
    ['PKAB12CD34EF56GH78IJ', paper, /revoked or made anew, or the secret is that of another id/],
    ['AKAB12CD34EF56GH78IJ', live, /revoked or made anew, or the secret is that of another id/],
    ['31ac120c4fca2b18a40c', paper, /do not look like keys of a trading account/],
  ])('are told with a guess why (%s at %s)', (ALPACA_API_KEY, ALPACA_TRADING_URL, guess) => {
    const { code, message } = refusedKeys('account', { ALPACA_API_KEY, ALPACA_TRADING_URL });
    expect(code).toBe('VENDOR_REFUSED_KEYS');
    expect(message).toMatch(guess);
    expect(message).toMatch(/^alpaca refuses ALPACA_API_KEY and ALPACA_SECRET_KEY at account: /);
    expect(message).not.toContain(ALPACA_API_KEY);
  });
});
