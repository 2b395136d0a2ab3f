const { exit } = process;
const { console } = globalThis;

/** Tests have the process's own global object, as the desk has; only jest's console is taken back. */
export default class Environment {
  global = globalThis;
  fakeTimers = null; // the clock is injected
  fakeTimersModern = null;
  async setup() {}
  async teardown() {
    process.exit = exit;
    globalThis.console = console;
  }
  exportConditions() {
    return ['node', 'node-addons'];
  }
  getVmContext() {
    return null;
  }
}
