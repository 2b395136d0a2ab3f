import { relative } from 'node:path';

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1).padStart(7)} s`;
/** `services/risk`, `packages/simulator`, `tests`: the folder that owns a test file. */
const roomOf = (path) => /^(packages|services)\/[^/]+|^[^/]+/.exec(path)[0];
const longestFirst = (times) => [...times].sort(([, a], [, b]) => b - a);

/** After a run of many files: the slowest ten, and the time of each room. */
export default class WhereTimeGoes {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }
  onRunComplete(_contexts, { testResults }) {
    const files = testResults.map(({ testFilePath, perfStats }) => [
      relative(this.rootDir, testFilePath),
      perfStats.runtime,
    ]);
    if (files.length <= 10) return;
    const rooms = new Map();
    for (const [path, time] of files)
      rooms.set(roomOf(path), (rooms.get(roomOf(path)) ?? 0) + time);
    const lines = (times) => times.map(([name, time]) => `${seconds(time)}  ${name}\n`).join('');
    process.stderr.write(
      `\nThe slowest ten of ${files.length} test files:\n${lines(longestFirst(files).slice(0, 10))}` +
        `\nWhere the time goes, by room:\n${lines(longestFirst(rooms))}`,
    );
  }
}
