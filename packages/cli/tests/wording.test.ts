import { describe, expect, it } from '@jest/globals';
import { chooseMode } from '../src/choose-mode.ts';
import { showGain } from '../src/show-gain.ts';
import { count } from '../src/wording.ts';

describe('what the command says', () => {
  it('shows results to the cent with their sign, and nothing before a zero', () => {
    expect(['12.3', '-97.74', '0', '-0.001', '1377.755'].map(showGain)).toEqual([
      '+$12.30',
      '-$97.74',
      '$0.00',
      '$0.00',
      '+$1377.76',
    ]);
  });
  it('counts one thing in the singular', () => {
    expect([count(0, 'trade'), count(1, 'candidate'), count(5, 'candidate')]).toEqual([
      '0 trades',
      '1 candidate',
      '5 candidates',
    ]);
  });
});

describe('an embedded desk', () => {
  it('replays a recorded day as it comes, and trades on paper where keys of Alpaca are set', () => {
    expect(chooseMode(undefined, {})).toEqual({ mode: 'replay', why: 'no keys of Alpaca are set' });
    expect(chooseMode(undefined, { ALPACA_API_KEY: 'PK', ALPACA_SECRET_KEY: 's' })).toEqual({
      mode: 'paper',
      why: 'ALPACA_API_KEY is set',
    });
    expect(chooseMode(undefined, { APCA_API_KEY_ID_FILE: '/run/secrets/key' }).mode).toBe('paper');
    expect(chooseMode(undefined, { ALPACA_API_KEY: 'PK', TRADING_MODE: 'replay' }).mode).toBe(
      'replay',
    );
    expect(chooseMode('replay', { ALPACA_API_KEY: 'PK' }).mode).toBe('replay');
  });
  it('never trades live, and takes no word for it', () => {
    expect(() => chooseMode('paper', { TRADING_MODE: 'live' })).toThrow('does not trade live');
    expect(() => chooseMode(undefined, { TRADING_MODE: 'Live' })).toThrow('TRADING_MODE is "Live"');
  });
});
