import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { fetchAhead } from './fetch-ahead.ts';

test('the next group is fetched while one is taken, in order, and no two are taken at once', async () => {
  const seen: string[] = [];
  const fetch = async (group: readonly string[]) => {
    seen.push(`fetch ${group.join('')}`);
    await turn();
    return group.join('').toUpperCase();
  };
  const take = async (fetched: string, group: readonly string[]) => {
    seen.push(`take ${group.join('')} ${fetched}`);
    for (let turns = 0; turns < 3; turns += 1) await turn();
    seen.push(`done ${group.join('')}`);
  };
  await fetchAhead(['a', 'b', 'c', 'd', 'e'], 2, fetch, take);
  expect(seen).toEqual([
    ...['fetch ab', 'fetch cd', 'take ab AB', 'done ab'],
    ...['fetch e', 'take cd CD', 'done cd'],
    ...['take e E', 'done e'],
  ]);
  seen.length = 0;
  await fetchAhead([], 2, fetch, take);
  expect(seen).toEqual([]);
});

test('what fails first is thrown, and a group that was fetched for nothing is not', async () => {
  const taken: string[] = [];
  const fetch = async ([item]: readonly string[]) => {
    if (item === 'b') throw new Error('b is away');
    return item!;
  };
  const take = async (item: string) => void taken.push(item);
  await expect(fetchAhead(['a', 'b'], 1, fetch, take)).rejects.toThrow('b is away');
  expect(taken).toEqual(['a']);
  const fail = () => Promise.reject(new Error('a is full'));
  await expect(fetchAhead(['a', 'b'], 1, fetch, fail)).rejects.toThrow('a is full');
  await turn();
});
