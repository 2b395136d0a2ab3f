import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname } from 'node:path';

export const npm = ((running): string[] =>
  running !== undefined && basename(running) === 'npm-cli.js'
    ? [process.execPath, running]
    : ['npm'])(process.env.npm_execpath);

/**
 * A shell of a stranger: neither jest's options nor those of the npm that may have started it. The
 * simulator takes it for npm's, so it ends with this process whatever ends that.
 */
export const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      // what is run here lies in another folder each time, and has a compile cache in it
      ([name]) => !/^npm_(?!config_(registry|cache|userconfig))|^NODE_COMPILE_CACHE$/i.test(name),
    ),
  ),
  NODE_OPTIONS: '',
  npm_lifecycle_script: 'catalyst-simulator',
  PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
};

/** Runs a command to its end; what it printed. */
export const run = async (command: readonly string[], cwd: string): Promise<string> => {
  const child = spawn(command[0]!, command.slice(1), {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`${command.join(' ')} ended with ${String(code)}\n${output}${errors}`);
  return output;
};
