import { expect, it } from '@jest/globals';
import { chooseCases, listCases } from './cases.ts';

const all = { is_quick: false, is_pairs: false };
const quick = { is_quick: true, is_pairs: false };
const names = (cases: readonly { name: string }[]): string[] => cases.map(({ name }) => name);

it('a case of the quick drill is one of the whole, and can be run again by its name', () => {
  expect(names(listCases(all))).toEqual(expect.arrayContaining(names(listCases(quick))));
  for (const { name } of listCases(quick)) expect(names(chooseCases(all, name))).toContain(name);
});

it('each case has a name of its own', () => {
  expect(new Set(names(listCases(all))).size).toBe(listCases(all).length);
});

it('each of several texts must be in a name', () => {
  expect(names(chooseCases(quick, 'exit_late, entry_late'))).toEqual(['entry_late', 'exit_late']);
  expect(() => chooseCases(all, 'exit_late,exit_never')).toThrow('no case is called "exit_never"');
  expect(() => chooseCases(all, 'exit_late,')).toThrow('no case is called ""');
});
