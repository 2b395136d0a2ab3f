import { appendFileSync } from 'node:fs';
import { processorSeconds } from './processor-seconds.js';

const { exit } = process;
const { console } = globalThis;

/** Tests have the process's own global object, as the desk has; only jest's console is taken back. */
export default class Environment {
  global = globalThis;
  fakeTimers = null; // the clock is injected
  fakeTimersModern = null;
  begun_at = processorSeconds();
  constructor(_config, { testPath }) {
    this.path = testPath;
  }
  async setup() {}
  async teardown() {
    process.exit = exit;
    globalThis.console = console;
    const { CATALYST_TEST_PROCESSOR: told } = process.env;
    const spent = processorSeconds() - this.begun_at;
    if (told) appendFileSync(told, `${JSON.stringify([this.path, spent])}\n`);
  }
  exportConditions() {
    return ['node', 'node-addons'];
  }
  getVmContext() {
    return null;
  }
}
