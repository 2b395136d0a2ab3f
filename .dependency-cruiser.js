/** Files that import each other in a circle are refused, whatever the import is for, types too; and what only runs in a test. */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one; what both need gets a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unseen',
      comment: 'An import that leads nowhere hides the circles behind it.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'runs-without-a-test',
      comment: 'What a benchmark shares with the tests starts where there is no test.',
      severity: 'error',
      from: { path: '^benchmarks' },
      to: { path: '@jest/globals', reachable: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true, // before types are stripped: a circle of types is one too
    doNotFollow: { path: 'node_modules' },
    // what a tarball is made of, and programs of clients that are installed nowhere
    exclude: { path: '^packages/(execution-client/dist|simulator/(dist|tests/clients))' },
    enhancedResolveOptions: {
      exportsFields: ['exports'], // the packages of this checkout are imported by their names
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
