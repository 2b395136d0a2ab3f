import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ownerLimits } from '../domain/owner-limits.ts';
import { openHome, type ClientHome } from './client-home.ts';
import { watchLimits, type WatchedLimits } from './watch-limits.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
let home: ClientHome;
let watched: WatchedLimits;
let told: string[];
let at = 1_700_000_000;

/** A save of the owner's, seconds after the one before it. */
const save = (text: string): void => {
  writeFileSync(home.limits_path, text);
  utimesSync(home.limits_path, (at += 10), at);
};

beforeEach(() => {
  home = openHome(mkdtempSync(join(tmpdir(), 'catalyst-limits-')));
  save(JSON.stringify(ownerLimits.parse({ max_positions: 2 })));
  told = [];
  watched = watchLimits(home, log, (message) => told.push(message));
});
afterEach(() => rmSync(home.folder, { recursive: true }));

test('limits hold as soon as their file is saved', () => {
  expect(watched.limits().max_positions).toBe(2);
  save('{"max_positions": 1}');
  expect([watched.limits().max_positions, watched.trouble()]).toEqual([1, null]);
});

test('a file that cannot be read is told once, leaves the limits, and stands against entries until it can', () => {
  for (const break_ of [() => save('{"max_positions": "one"}'), () => rmSync(home.limits_path)]) {
    break_();
    expect(watched.limits().max_positions).toBe(2);
    expect(watched.trouble()).toMatch(/limits.json/);
    expect(told.splice(0)).toEqual([expect.stringContaining('nothing is entered until')]);
  }
  save('{"max_positions": 3}');
  expect([watched.limits().max_positions, watched.trouble(), told]).toEqual([3, null, []]);
});

test('at the start the file must be readable', () => {
  save('{');
  expect(() => watchLimits(home, log, silent)).toThrow('limits.json is no JSON');
});

test('at the start they may be others, where nothing is to be done but to sell, and nothing is entered', () => {
  save('{"max_positions": "one"}');
  const otherwise = ownerLimits.parse({ max_positions: 7 });
  watched = watchLimits(home, log, silent, otherwise);
  expect(watched.limits()).toEqual(otherwise);
  expect(watched.trouble()).toMatch(/max_positions: expected number, received string/);
});

test.each([
  ['{"max_risk_usd": 100}', 'max_risk_usd: expected a decimal number as text, such as "12.34"'],
  ['{"max_positions": 1000}', 'max_positions: expected 100 at most'],
  ['{"max_postions": 1}', 'has "max_postions", which it does not take'],
])('what is wrong with %s is said in words', (text, words) => {
  save(text);
  expect(watched.trouble()).toMatch(new RegExp(`limits.json is not as it must be: ${words}$`));
});
