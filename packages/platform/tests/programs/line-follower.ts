import { createServer } from 'node:net';
import { lineNow, parseLine, wallOf, type Line } from '@catalyst/domain';

/*
 * Follows the line of CLOCK_LINE as a service does: wakes at each whole hour of it, says by how many
 * milliseconds late, and works for 20 ms of the wall; as `hangs` for ever. As `listens` at a socket it
 * works as long on what comes there, and says at which instant it read that.
 */
const HOUR_MS = 3_600_000;
const WORK_MS = 20;
const [does, socket] = process.argv.slice(2);
const wall = (): number => performance.timeOrigin + performance.now();
let line: Line = parseLine(process.env.CLOCK_LINE!);
let due = Math.ceil(lineNow(line, wall()) / HOUR_MS) * HOUR_MS;
let timer: NodeJS.Timeout | undefined;

const tell = (message: object): void => void process.send?.(message);
const arm = (): void => {
  clearTimeout(timer);
  timer = setTimeout(wake, Math.max(0, wallOf(line, due) - wall()));
};
const wake = (): void => {
  if (lineNow(line, wall()) < due) return arm();
  process.stdout.write(`${Math.round(lineNow(line, wall()) - due)}\n`);
  if (does === 'hangs') {
    tell({ busy: true });
    return void setInterval(() => undefined, HOUR_MS);
  }
  due += HOUR_MS;
  work();
};
const work = (): void => {
  tell({ busy: true });
  setTimeout(() => {
    arm();
    tell({ idle_until: due });
  }, WORK_MS);
};

process.on('message', (message: { line?: Line; id: number }) => {
  if (message.line) {
    line = message.line;
    arm();
  }
  tell({ ack: message.id });
});
arm();
const start = (): void => tell({ idle_until: due });
if (does === 'listens')
  createServer((connection) =>
    connection.on('data', () => {
      work();
      process.stdout.write(`${Math.round(lineNow(line, wall()))}\n`);
    }),
  ).listen(socket, start);
else start();
