import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import pico from 'picocolors';
import { ClientError } from './home/client-home.ts';

/** Where a command reads and writes: results on standard output, all else on standard error. */
export interface Terminal {
  is_json: boolean;
  /** A person can be asked. */
  can_ask: boolean;
  /** Rewrites its lines in place. */
  is_live: boolean;
  colors: ReturnType<typeof pico.createColors>;
  result(data: unknown, text: () => string): void;
  note(line: string): void;
  /** What is typed; the default where nothing is. Not echoed where it is a secret. */
  ask(question: string, given?: { fallback?: string; is_secret?: boolean }): Promise<string>;
  write(text: string): void;
}

export const createTerminal = ({ is_json }: { is_json: boolean }): Terminal => {
  const { stdin, stdout, stderr, env } = process;
  const can_ask = stdin.isTTY === true && stderr.isTTY === true;
  const is_live = stdout.isTTY === true && !is_json && env.TERM !== 'dumb';
  return {
    is_json,
    can_ask,
    is_live,
    colors: pico.createColors(is_live && (env.NO_COLOR ?? '') === ''),
    result: (data, text) =>
      void stdout.write(is_json ? `${JSON.stringify(data)}\n` : `${text()}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    write: (text) => void stdout.write(text),
    ask: async (question, { fallback, is_secret = false } = {}) => {
      if (!can_ask) {
        if (fallback !== undefined) return fallback;
        throw new ClientError(
          `nobody can be asked here, so an option has to say it (see --help): ${question}`,
        );
      }
      const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
      const prompt = `${question}${fallback ? ` [${fallback}]` : ''}: `;
      // a line editor draws its line anew with each key; of a secret it draws nothing
      if (is_secret) stderr.write(prompt);
      const lines = createInterface({
        input: stdin,
        output: is_secret ? hidden : stderr,
        terminal: true,
      });
      try {
        const typed = (await lines.question(is_secret ? '' : prompt)).trim();
        if (is_secret) stderr.write('\n');
        return typed === '' ? (fallback ?? '') : typed;
      } finally {
        lines.close();
      }
    },
  };
};
