import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { newYorkTime, nyseCalendarDay, toInstant, toTimeId, tradingHours } from '@catalyst/domain';
import { createLog } from '@catalyst/service-kit';
import { dueTimes, runKey } from '../src/domain/schedule.ts';
import { createCronHeartbeat } from '../src/heartbeat.ts';
import { cronOfDay } from '../src/jobs.ts';
import { committedSessions } from './committed-sessions.ts';

/*
 * Lets node-cron's own timer run through a date, on a Date and a setTimeout of our own, and prints
 * what it fired: a program, since they replace those of the whole process.
 */
const date = process.argv[2]!;
/** New York's clock at which the process stands still for two seconds, if any. */
const stands_still_at = process.argv[3];
const SECOND_MS = 1000;
const end = Date.parse(newYorkTime(date, '20:10'));
mock.timers.enable({
  apis: ['Date', 'setTimeout'],
  now: Date.parse(newYorkTime(date, '03:59')) + 30 * SECOND_MS,
});
const heartbeat = createCronHeartbeat(createLog('test', 'error'));
const fired: string[] = [];
for (const [job, expressions] of cronOfDay(
  dueTimes(tradingHours(nyseCalendarDay(date)!), committedSessions),
))
  for (const expression of expressions)
    heartbeat.add(expression, job, async () => {
      const minute = toInstant(toTimeId(Date.now()) * 60 * SECOND_MS);
      fired.push(runKey({ job, due_at: minute }));
    });
const still = stands_still_at ? Date.parse(newYorkTime(date, stands_still_at)) : Infinity;
while (Date.now() < end) {
  if (Date.now() === still - SECOND_MS) mock.timers.setTime(still + 2 * SECOND_MS);
  mock.timers.tick(SECOND_MS);
  await turn();
}
await heartbeat.stop();
process.stdout.write(JSON.stringify({ fired, missed: heartbeat.missed() }));
process.exit(0);
