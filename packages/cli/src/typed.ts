import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const wrapper = fileURLToPath(new URL('../../../scripts/catalyst', import.meta.url));

/** A word of a command line as a shell takes it. */
export const shellWord = (text: string): string =>
  /^[\w./:@%+=,~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * What a person types to get this command again: what was typed where scripts/catalyst was, else
 * (npm, Node alone) the way from where they stand to that script.
 */
export const commandName = (
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): string => {
  const { CATALYST_COMMAND: called, INIT_CWD: npm_called_in } = env;
  if (called !== undefined && called !== '') return shellWord(called);
  const way = relative(npm_called_in ?? cwd, wrapper);
  if (way.length >= wrapper.length) return shellWord(wrapper);
  return shellWord(way === 'catalyst' ? './catalyst' : way);
};

/** A verb with its arguments, as the whole command to type: `scripts/catalyst up --embedded`. */
export const typed = (verb: string): string => `${commandName()} ${verb}`;
