import { expect, it } from '@jest/globals';
import type { Log } from '../log.ts';
import { createOutage } from './outage.ts';

const MINUTE = 60_000;
const watched = () => {
  const lines: string[] = [];
  let now = 0;
  const write = (event: string, fields?: object) =>
    void lines.push(`${now / MINUTE} ${event} ${JSON.stringify(fields)}`);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const outage = createOutage('database', log, () => now);
  return { lines, outage, at: (minute: number) => void (now = minute * MINUTE) };
};

it('tells an absence when it begins, once in ten minutes while it lasts, and when it ends', () => {
  const { lines, outage, at } = watched();
  for (let second = 0; second < 25 * 60; second += 2) {
    at(second / 60);
    outage.away(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  }
  at(25);
  outage.back();
  outage.back();
  expect(lines).toEqual([
    '0 database_away {"reason":"connect ECONNREFUSED"}',
    '10 database_still_away {"for_s":600,"reason":"connect ECONNREFUSED"}',
    '20 database_still_away {"for_s":1200,"reason":"connect ECONNREFUSED"}',
    '25 database_back {"for_s":1500}',
  ]);
});

it('tells what comes and goes once a minute, and an absence that stays even when it began unsaid', () => {
  const { lines, outage, at } = watched();
  for (const second of [0, 5, 10, 15]) {
    at(second / 60);
    outage.away(new Error('lost'));
    at((second + 1) / 60);
    outage.back();
  }
  at(0.5);
  outage.away(new Error('gone'));
  at(1);
  outage.away(new Error('gone'));
  expect(lines.map((line) => line.replace(/^[\d.]+ /, ''))).toEqual([
    'database_away {"reason":"lost"}',
    'database_back {"for_s":1}',
    'database_away {"reason":"gone"}',
  ]);
});

it('names a failure without words by its code', () => {
  const { lines, outage } = watched();
  outage.away(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }));
  expect(lines).toEqual(['0 database_away {"reason":"ECONNREFUSED"}']);
});
