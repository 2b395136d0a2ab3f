import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const seconds = (value) => `${value.toFixed(1).padStart(7)} s`;
/** `services/risk`, `packages/simulator`, `tests`: the folder that owns a test file. */
const roomOf = (path) => /^(packages|services)\/[^/]+|^[^/]+/.exec(path)[0];
const costliestFirst = (rows) =>
  [...rows].sort((a, b) => b.processor - a.processor || b.time - a.time);

/**
 * After a run of many files: the ten that cost most, and what each room costs, in seconds of a
 * processor and of the clock. PostgreSQL and Redis, which all files share, are in neither row.
 */
export default class WhereTimeGoes {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
    this.told = join(mkdtempSync(join(tmpdir(), 'catalyst-times-')), 'processor.jsonl');
    writeFileSync(this.told, '');
    process.env.CATALYST_TEST_PROCESSOR = this.told; // for the workers, which start later
  }
  onRunComplete(_contexts, { testResults }) {
    const spent = new Map(
      readFileSync(this.told, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    );
    rmSync(dirname(this.told), { recursive: true });
    if (testResults.length <= 10) return;
    const rooms = new Map();
    const files = testResults.map(({ testFilePath, perfStats }) => {
      const name = relative(this.rootDir, testFilePath);
      const row = {
        name,
        processor: spent.get(testFilePath) ?? 0,
        time: perfStats.runtime / 1000,
      };
      const room = rooms.get(roomOf(name)) ?? { name: roomOf(name), processor: 0, time: 0 };
      room.processor += row.processor;
      room.time += row.time;
      rooms.set(room.name, room);
      return row;
    });
    const lines = (rows) =>
      rows
        .map(({ processor, time, name }) => `${seconds(processor)} ${seconds(time)}  ${name}\n`)
        .join('');
    process.stderr.write(
      `\nThe costliest ten of ${files.length} test files (processor, clock):\n${lines(costliestFirst(files).slice(0, 10))}` +
        `\nWhere it goes, by room (processor, clock):\n${lines(costliestFirst(rooms.values()))}`,
    );
  }
}
