import { describe, expect, it } from '@jest/globals';
import { toTimeId } from '@catalyst/domain';
import { findHalt } from './find-halt.ts';

const at = (clock: string): string => `2026-03-10T${clock}.000Z`;
const NOW = at('15:00:00');
const listening = { since: at('14:00:00'), heard_at: at('14:59:50') };
const last = toTimeId(NOW) - 1;
/** Forty minutes with a trade in each, up to `until`. */
const minutes = (until = last): number[] => Array.from({ length: 40 }, (_, n) => until - 39 + n);
const told = (is_halted: boolean, clock: string) => ({
  is_halted,
  reason: 'Trading Halt: News Pending',
  told_at: at(clock),
});

describe('whether a stock trades', () => {
  it('is what the exchange tells while it is listened to, whatever the bars look like', () => {
    expect(findHalt(told(true, '14:59:00'), listening, minutes(), NOW)).toEqual({
      halted: 'Trading Halt: News Pending',
      told_by: 'exchange',
    });
    expect(findHalt(told(false, '14:58:00'), listening, minutes(last - 10), NOW)).toEqual({
      halted: null,
      told_by: 'exchange',
    });
  });
  it('is not known from before a break: that it traded then is no answer, and the bars are asked', () => {
    const broken = { since: at('14:59:00'), heard_at: at('14:59:50') };
    const silent = minutes(last - 10);
    expect(findHalt(told(false, '14:30:00'), broken, silent, NOW)).toMatchObject({
      halted: expect.stringContaining('no trade since'),
      told_by: 'bars',
    });
    expect(findHalt(null, broken, minutes(), NOW)).toEqual({ halted: null, told_by: 'bars' });
    // a process that died hears nothing, and says so by its silence alone
    const dead = { since: at('14:00:00'), heard_at: at('14:58:00') };
    expect(findHalt(told(false, '14:30:00'), dead, silent, NOW).told_by).toBe('bars');
  });
  it('stays halted over a break until a trade was seen', () => {
    const broken = { since: at('14:59:00'), heard_at: at('14:59:50') };
    const halt = told(true, '14:40:00');
    expect(findHalt(halt, broken, minutes(toTimeId(halt.told_at)), NOW).halted).toContain(
      'no trade since',
    );
    expect(findHalt(halt, broken, [], NOW).halted).toContain('no trade since');
    expect(findHalt(halt, broken, minutes(), NOW)).toEqual({ halted: null, told_by: 'bars' });
    expect(findHalt(halt, null, [], NOW).halted).toContain('no trade since');
  });
});
