/**
 * What `@jest/globals` is to the tests. A module is evaluated once, but each test file has a runner of
 * its own: these bindings are always those of the file that runs now.
 */
export let afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test;

export const useGlobals = (globals) => {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = globals);
};
