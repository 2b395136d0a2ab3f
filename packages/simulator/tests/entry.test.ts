import { describe, expect, it } from '@jest/globals';
import * as installed from '@catalyst/simulator';
import * as source from '../src/index.ts';

describe('the entry of the package', () => {
  it('names every value that the sources export', () => {
    expect(Object.keys(installed).sort()).toEqual(Object.keys(source).sort());
    expect(Object.entries(installed).filter(([, value]) => value === undefined)).toEqual([]);
    expect(installed.startSimulator).toBe(source.startSimulator);
  });
});
