import { describe, expect, it } from '@jest/globals';
import { checkTrigger } from './breakout.ts';

const setup = { level: 50, entry: 50, stop: 49 };
const minute = (close: number, volume: number) => ({
  time_id: 1,
  open: 49.9,
  high: close,
  low: 49.8,
  close,
  volume,
});

describe('a trigger', () => {
  it.each([
    [50.1, 1500, 'triggered', 'closed at 50.1 above 50 on 1.50 x the average volume'],
    [50, 3000, 'not_beyond_level', 'close was 50, not above 50'],
    [50.1, 1499, 'volume_too_low', 'volume was 1.50 x the average, below 1.5'],
    [50.6, 3000, 'ran_away', 'close was 0.60 risks beyond the entry, above 0.5'],
  ])('with a close of %d on a volume of %d is %s', (close, volume, code, reason) => {
    const decision = checkTrigger(setup, minute(close, volume), 1000);
    expect(decision).toMatchObject({ code, triggered: code === 'triggered', reason });
  });

  it('is refused while the average volume is not known', () => {
    expect(checkTrigger(setup, minute(50.1, 1500), 0).code).toBe('volume_unknown');
    expect(checkTrigger(setup, minute(50.1, 1500), Number.NaN).code).toBe('volume_unknown');
  });

  it('needs a close beyond the level: a high above it is not enough', () => {
    expect(checkTrigger(setup, { ...minute(49.9, 9000), high: 51 }, 1000).triggered).toBe(false);
  });
});
