import vm from 'node:vm';
import { ModuleMocker } from 'jest-mock';
import { installCommonGlobals } from 'jest-util';

/** Not taken over: the context has them itself. */
const own = new Set(['global', 'globalThis']);

/**
 * A global object of its own for each test file, like jest-environment-node, but an ordinary one.
 * There it is a proxy behind an interceptor, which every `Math`, `Number` or `Map` in the code under
 * test goes through: generating a day of 120 symbols takes twice as long in it. Without fake timers;
 * the clock is injected.
 */
export default class Environment {
  constructor({ projectConfig }) {
    this.context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
    this.global = vm.runInContext('globalThis', this.context);
    for (const name of Object.getOwnPropertyNames(this.global)) own.add(name);
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) {
      if (own.has(name)) continue;
      // Node makes some of them (fetch, crypto) when they are first asked for, and only for its own
      // global object.
      const { enumerable } = descriptor;
      const lazily = {
        configurable: true,
        enumerable,
        get: () => globalThis[name],
        set: (value) =>
          Object.defineProperty(this.global, name, {
            configurable: true,
            enumerable,
            writable: true,
            value,
          }),
      };
      Object.defineProperty(this.global, name, 'value' in descriptor ? descriptor : lazily);
    }
    this.global.global = this.global;
    // What Node's own modules hand out is made from these.
    Object.assign(this.global, { Buffer, ArrayBuffer, Uint8Array });
    installCommonGlobals(this.global, projectConfig.globals, 'off');
    this.global.Error.stackTraceLimit = 100;
    this.moduleMocker = new ModuleMocker(this.global);
    this.fakeTimers = null;
    this.fakeTimersModern = null;
  }
  async setup() {}
  async teardown() {
    this.context = null;
    this.global = null;
  }
  exportConditions() {
    return ['node', 'node-addons'];
  }
  getVmContext() {
    return this.context;
  }
}
