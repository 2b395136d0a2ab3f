import { expect, it } from '@jest/globals';
import { createBreaker } from './breaker.ts';

const watched = () => {
  let now = 0;
  const told: string[] = [];
  const breaker = createBreaker({
    clock: { latest: () => new Date(now).toISOString() },
    failures: 3,
    open_ms: 60_000,
    onOpen: () => told.push('open'),
    onClose: () => told.push('closed'),
  });
  const fail = (times: number) => {
    for (let n = 0; n < times; n += 1) breaker.failed();
  };
  return { breaker, told, fail, at: (ms: number) => void (now = ms) };
};

it('opens after failures in a row, and not after as many with an answer between them', () => {
  const { breaker, told, fail } = watched();
  fail(2);
  breaker.succeeded();
  fail(2);
  expect(breaker.mayTry()).toBe(true);
  fail(1);
  expect(breaker.mayTry()).toBe(false);
  expect(told).toEqual(['open']);
});

it('lets one trial out after its minute on the given clock, and closes when that is answered', () => {
  const { breaker, told, fail, at } = watched();
  fail(3);
  at(59_999);
  expect(breaker.mayTry()).toBe(false);
  at(60_000);
  expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, false]);
  breaker.failed();
  at(119_999);
  expect(breaker.mayTry()).toBe(false);
  at(120_000);
  expect(breaker.mayTry()).toBe(true);
  breaker.succeeded();
  expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, true]);
  expect(told).toEqual(['open', 'closed']);
});
