import { expect, it } from '@jest/globals';
import { at } from '../fixture-fleet/script.ts';
import type { TradingDay } from './trading-day.ts';

/** What a day leaves: its timeline, its events and its jobs. */
export const whatIsKept = (day: TradingDay): void => {
  it('tells its transitions, jobs and decisions in the order of time', async () => {
    const { cycle_id } = day;
    const { entries } = await day.workflow().showTimeline({ params: { cycle_id } });
    expect(
      entries
        .filter(({ kind }) => kind === 'transition')
        .map(({ at: when, title }) => [when, title]),
    ).toEqual([
      [at('04:00'), 'opened -> scheduled'],
      [at('08:00'), 'scheduled -> scanning'],
      [at('08:00'), 'scanning -> ready'],
      [at('09:30'), 'ready -> trading'],
      [at('15:30'), 'trading -> closing'],
      [at('15:31'), 'closing -> reporting'],
      [at('15:32'), 'reporting -> closed'],
    ]);
    expect(entries.map((entry) => entry.at)).toEqual(entries.map((entry) => entry.at).sort());
    expect(
      entries.some(({ kind, title }) => kind === 'decision' && title === 'enter AAA: submitted'),
    ).toBe(true);
  });
  it('has announced every transition and signal, in the order of their rows', async () => {
    const rows = await day.fleet.database.database.query<{
      channel: string;
      payload: { to?: string; seq?: number };
    }>(
      "SELECT channel, envelope -> 'payload' AS payload FROM outbox WHERE service = 'workflow' ORDER BY seq",
    );
    expect(
      rows
        .filter(({ channel }) => channel === 'catalyst:cycle_state')
        .map(({ payload }) => payload.to),
    ).toEqual(['scheduled', 'scanning', 'ready', 'trading', 'closing', 'reporting', 'closed']);
    expect(
      rows
        .filter(({ channel }) => channel === 'catalyst:trading_signal')
        .map(({ payload }) => payload.seq),
    ).toEqual([1, 2]);
  });
  it('recorded every job of the day as done', async () => {
    expect(await day.fleet.database.database.query('SELECT DISTINCT state FROM job_runs')).toEqual([
      { state: 'done' },
    ]);
  });
};
