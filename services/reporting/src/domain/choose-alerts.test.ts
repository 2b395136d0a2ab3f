import { describe, expect, it } from '@jest/globals';
import { later } from '@catalyst/domain';
import { chooseAlerts, type UntoldAlert } from './choose-alerts.ts';

const START = '2026-03-24T14:00:00.000Z';
const at = (minutes: number): string => later(START, minutes * 60_000);
const alert = (changes: Partial<UntoldAlert>): UntoldAlert => ({
  alert_id: 'a',
  source: 'risk',
  key: 'A',
  code: 'A',
  severity: 'warning',
  message: 'words',
  first_at: at(0),
  last_at: at(0),
  count: 1,
  told_severity: null,
  told_at: null,
  ...changes,
});
const choose = (
  alerts: UntoldAlert[],
  minutes: number,
  mailed: number[] = [],
  flush = false,
): [string[], string | null] => {
  const { tell, next_at } = chooseAlerts(alerts, at(minutes), mailed.map(at), flush);
  return [tell.map(({ alert_id }) => alert_id), next_at];
};
const critical = (changes: Partial<UntoldAlert> = {}) =>
  alert({ severity: 'critical', ...changes });

describe('what is told now', () => {
  it('is a critical alert at once, and what else waits goes behind it', () => {
    expect(
      choose([alert({ alert_id: 'w' }), critical({ alert_id: 'c' }), alert({ alert_id: 'v' })], 0),
    ).toEqual([['c', 'w', 'v'], null]);
  });
  it('is a warning after five minutes and an info after an hour, together with all that came', () => {
    const warning = alert({ alert_id: 'w' });
    const info = alert({ alert_id: 'i', severity: 'info' });
    expect(choose([warning, info], 4)).toEqual([[], at(5)]);
    expect(choose([warning, alert({ alert_id: 'x', first_at: at(4) }), info], 5)[0]).toEqual([
      'w',
      'x',
      'i',
    ]);
    expect(choose([info], 59)).toEqual([[], at(60)]);
    expect(choose([info], 0, [], true)[0]).toEqual(['i']);
  });
  it('is not the same alert within 15 minutes, unless it became graver', () => {
    const again = { count: 9, told_at: at(0), last_at: at(3) };
    expect(choose([critical({ ...again, told_severity: 'critical' })], 14)).toEqual([[], at(15)]);
    expect(choose([critical({ ...again, told_severity: 'critical' })], 14, [], true)[0]).toEqual(
      [],
    );
    expect(choose([critical({ ...again, told_severity: 'critical' })], 15)[0]).toEqual(['a']);
    expect(choose([critical({ ...again, told_severity: 'warning' })], 3)[0]).toEqual(['a']);
  });
  it('leaves an alert that cools down out of a mail that goes, and looks again when it is over', () => {
    const cooling = critical({
      alert_id: 'x',
      told_severity: 'critical',
      told_at: at(0),
      count: 2,
    });
    expect(choose([cooling, critical({ alert_id: 'c', first_at: at(2) })], 2)).toEqual([
      ['c'],
      at(15),
    ]);
  });
  it('is at most twenty mails an hour of warnings; critical ones go on, gathered by the minute', () => {
    const mailed = Array.from({ length: 20 }, (_, index) => index);
    const warning = alert({ first_at: at(10) });
    expect(choose([warning], 20, mailed.slice(1))[0]).toEqual(['a']);
    expect(choose([warning], 20, mailed)).toEqual([[], at(60)]);
    expect(choose([critical({ first_at: at(19) })], 19.5, mailed)).toEqual([[], at(20)]);
    expect(choose([warning, critical({ alert_id: 'c', first_at: at(19) })], 20, mailed)[0]).toEqual(
      ['c', 'a'],
    );
  });
});
