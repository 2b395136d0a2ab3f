import pico from 'picocolors';
import { loadProgress, loadTable } from './load-when-asked.ts';

type Colors = ReturnType<typeof pico.createColors>;

/** Shows how far a long act is; a moving bar for a person, a line now and then for a log. */
export type Progress = { update: (done_ratio: number, text: string) => void; finish: () => void };

/** Where the command writes: results to standard output, everything else to standard error. */
export type Terminal = {
  is_json: boolean;
  colors: Colors;
  /** The result: its JSON in one line with --json, else the text. */
  result: (data: unknown, text: () => string) => void;
  note: (line: string) => void;
  progress: () => Progress;
  table: (head: string[], rows: string[][], right_aligned?: number[]) => string;
};

const wantsColor = (stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';

const lineProgress = (write: (line: string) => void): Progress => {
  const steps = 24; // a line for each half hour of a trading day
  let shown = -1;
  return {
    update: (done_ratio, text) => {
      const step = Math.floor(done_ratio * steps);
      if (step <= shown) return;
      shown = step;
      write(text);
    },
    finish: () => undefined,
  };
};

const barProgress = (stream: NodeJS.WriteStream): Progress => {
  const { SingleBar } = loadProgress();
  const bar = new SingleBar({
    format: '{bar} {percentage}% {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    stream,
    gracefulExit: false,
    clearOnComplete: false,
    linewrap: false,
  });
  let started = false;
  return {
    update: (done_ratio, text) => {
      if (!started) bar.start(100, 0, { text });
      started = true;
      bar.update(Math.min(100, Math.floor(done_ratio * 100)), { text });
    },
    finish: () => {
      if (started) bar.stop();
      started = false;
    },
  };
};

export const createTerminal = ({
  is_json,
  stdout = process.stdout,
  stderr = process.stderr,
  env = process.env,
}: {
  is_json: boolean;
  stdout?: NodeJS.WriteStream;
  stderr?: NodeJS.WriteStream;
  env?: NodeJS.ProcessEnv;
}): Terminal => {
  const note = (line: string) => void stderr.write(`${line}\n`);
  const with_color = !is_json && wantsColor(stdout, env);
  return {
    is_json,
    colors: pico.createColors(with_color),
    result: (data, text) =>
      void stdout.write(is_json ? `${JSON.stringify(data)}\n` : `${text()}\n`),
    note,
    progress: () =>
      stderr.isTTY === true && env.TERM !== 'dumb' ? barProgress(stderr) : lineProgress(note),
    table: (head, rows, right_aligned = []) => {
      const Table = loadTable();
      const table = new Table({
        head,
        style: {
          head: with_color ? ['bold'] : [],
          border: with_color ? ['gray'] : [],
          compact: true,
        },
        colAligns: head.map((_, index) => (right_aligned.includes(index) ? 'right' : 'left')),
      });
      table.push(...rows);
      return table.toString();
    },
  };
};
