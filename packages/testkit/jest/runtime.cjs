const { registerHooks } = require('node:module');
const { pathToFileURL } = require('node:url');

const testApi = pathToFileURL(require.resolve('./test-api.js')).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: testApi, shortCircuit: true } : next(specifier, context),
});

/**
 * Loads tests as the desk is loaded: by Node, which strips the types, each module once for as long as
 * the process lives. Jest's own runtime evaluates every module anew for every test file
 * (`docs/decisions/0018-tests-are-loaded-by-node.md`).
 */
module.exports = class NodeRuntime {
  unstable_shouldLoadAsEsm() {
    return true;
  }
  unstable_importModule(path) {
    return import(pathToFileURL(path).href);
  }
  /** The runner, which holds the tests of one file: each file gets a new one. */
  requireInternalModule(path) {
    require.cache[path] = undefined;
    globalThis[Symbol.for('EVENT_HANDLERS')] = undefined;
    module.children.length = 0; // or the tests of every earlier file stay in memory
    return require(path);
  }
  /** Jest's own modules. */
  requireModule(path) {
    return require(path);
  }
  setGlobalsForRuntime(globals) {
    require('./test-api.js').useGlobals(globals);
  }
  getSourceMaps() {
    return new Map();
  }
  getAllCoverageInfoCopy() {
    return undefined;
  }
  enterTestCode() {}
  leaveTestCode() {}
  teardown() {}
};
