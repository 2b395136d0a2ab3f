import { lineNow, parseLine, wallOf, type Line } from '@catalyst/domain';

/*
 * Follows the line of CLOCK_LINE as a service does: wakes at each whole hour of it, says by how many
 * milliseconds late, and works for 20 ms of the wall; as `hangs` for ever.
 */
const HOUR_MS = 3_600_000;
const WORK_MS = 20;
const hangs = process.argv[2] === 'hangs';
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
  tell({ busy: true });
  process.stdout.write(`${Math.round(lineNow(line, wall()) - due)}\n`);
  if (hangs) return void setInterval(() => undefined, HOUR_MS);
  due += HOUR_MS;
  setTimeout(() => {
    arm();
    tell({ idle_until: due });
  }, WORK_MS);
};

process.on('message', (message: { line: Line; id: number }) => {
  line = message.line;
  arm();
  tell({ ack: message.id });
});
arm();
tell({ idle_until: due });
