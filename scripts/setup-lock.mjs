/**
 * A lock file that a killed process cannot leave behind: it names its holders, and dead holders do
 * not count.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** When the process began, as text to compare, or null when it is gone (a zombie is gone). */
const startOf = (pid) => {
  if (existsSync('/proc/self/stat')) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return fields[0] === 'Z' ? null : fields[19];
    } catch {
      return null;
    }
  }
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
    );
  } catch {
    return null;
  }
};

const identify = (pid) => ({ pid, start: startOf(pid) });

const readHolders = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    return null; // written at this moment, or torn by a crash
  }
};

const livingHolder = (holders) =>
  holders.find(({ pid, start }) => start !== null && startOf(pid) === start);

/**
 * Only one of those who find the same dead lock removes it, or the second would remove the first
 * one's new lock.
 */
const removeDeadLock = (path, text) => {
  const guard = `${path}.takeover`;
  try {
    writeFileSync(guard, String(process.pid), { flag: 'wx' });
  } catch {
    if (existsSync(guard) && Date.now() - statSync(guard).mtimeMs > 10_000)
      rmSync(guard, { force: true });
    return;
  }
  try {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
};

/**
 * Waits for the lock; `addProcess` names one more process that must be gone before another may have
 * it.
 */
export const acquireLock = async (path, { on_wait = () => {} } = {}) => {
  const holders = [identify(process.pid)];
  let told = false;
  let torn_since = null;
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(holders), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const found = readHolders(path);
    if (found === null) torn_since ??= Date.now();
    else torn_since = null;
    const living = found ? livingHolder(found) : undefined;
    if (found && living === undefined) removeDeadLock(path, JSON.stringify(found));
    else if (torn_since !== null && Date.now() - torn_since > 2000) rmSync(path, { force: true });
    else if (living !== undefined && !told) {
      told = true;
      on_wait(living.pid);
    }
    if (found !== undefined) await pause(100);
  }
  return {
    addProcess: (pid) => {
      holders.push(identify(pid));
      writeFileSync(`${path}.next`, JSON.stringify(holders));
      renameSync(`${path}.next`, path);
    },
    release: () => rmSync(path, { force: true }),
  };
};
