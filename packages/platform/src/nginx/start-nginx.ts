import { spawn } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PlatformError } from '../platform-error.ts';
import { processStart } from '../processes/process-identity.ts';
import { signalProcess, stopProcess } from '../processes/stop-process.ts';
import { findNginx, type NginxProgram } from './find-nginx.ts';

export type NginxOptions = {
  /** The main configuration; its folder is copied, so relative includes hold. */
  config_path: string;
  /**
   * The folder of this server: copy of the configuration, temporary files, logs. Emptied of an
   * earlier copy.
   */
  prefix: string;
  /** The port that is polled until it answers; the configuration must listen there. */
  port: number;
  /** What `${NAME}` stands for in files that end in `.template`, as the official image does it. */
  variables?: Record<string, string>;
  program?: NginxProgram;
};

export type RunningNginx = {
  port: number;
  pid: number;
  version: string;
  log_path: string;
  reload: () => void;
  stop: () => Promise<void>;
};

const temp_kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

const renderTemplates = (folder: string, variables: Record<string, string>): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) renderTemplates(path, variables);
    else if (entry.name.endsWith('.template')) {
      const text = readFileSync(path, 'utf8').replace(
        /\$\{(\w+)\}/g,
        (whole, name: string) => variables[name] ?? whole,
      );
      writeFileSync(path.slice(0, -'.template'.length), text);
    }
  }
};

/**
 * The main file with temporary paths and logs below the prefix, and without what only a system
 * service needs.
 */
const adapt = (text: string, prefix: string): string => {
  const temps = temp_kinds
    .map((kind) => `    ${kind}_temp_path ${join(prefix, 'temp', kind)};`)
    .join('\n');
  return text
    .replace(/^\s*(user|pid|daemon)\s[^;]*;/gm, '')
    .replace(/^\s*\w+_temp_path\s[^;]*;/gm, '')
    .replaceAll('/var/log/nginx/', `${join(prefix, 'logs')}/`)
    .replace(
      /^(\s*http\s*\{)/m,
      `$1\n    access_log ${join(prefix, 'logs', 'access.log')};\n${temps}`,
    );
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** Runs Nginx as an ordinary child process with a configuration of ours, root or not. */
export const startNginx = async ({
  config_path,
  prefix,
  port,
  variables = {},
  program: given,
}: NginxOptions): Promise<RunningNginx> => {
  const program = given ?? (await findNginx());
  if (program === null) throw new PlatformError('no Nginx is to be had here; install nginx');
  const config = join(prefix, 'config');
  rmSync(config, { recursive: true, force: true });
  for (const folder of ['temp', 'logs']) mkdirSync(join(prefix, folder), { recursive: true });
  cpSync(dirname(config_path), config, { recursive: true });
  renderTemplates(config, variables);
  const main = join(config, basename(config_path).replace(/\.template$/, ''));
  writeFileSync(main, adapt(readFileSync(main, 'utf8'), prefix));
  const log_path = join(prefix, 'logs', 'nginx.log');
  const is_root = process.getuid?.() === 0;
  const directives = [
    'daemon off',
    `pid ${join(prefix, 'nginx.pid')}`,
    ...(is_root ? ['user root root'] : []),
  ]
    .map((directive) => `${directive};`)
    .join(' ');
  const log = openSync(log_path, 'a');
  const child = spawn(program.path, ['-p', prefix, '-e', log_path, '-c', main, '-g', directives], {
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, ...program.env },
  });
  closeSync(log);
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const pid = child.pid;
  const deadline = performance.now() + 10_000;
  while (
    pid !== undefined &&
    failure === undefined &&
    processStart(pid) !== null &&
    performance.now() < deadline
  ) {
    if (await answers(port)) {
      const stop = async () => {
        await stopProcess(pid, [
          { signal: 'SIGTERM', wait_ms: 5_000 },
          { signal: 'SIGKILL', wait_ms: 5_000 },
        ]);
      };
      return {
        port,
        pid,
        version: program.version,
        log_path,
        reload: () => signalProcess(pid, 'SIGHUP'),
        stop,
      };
    }
    await pause(10);
  }
  if (pid !== undefined) await stopProcess(pid, [{ signal: 'SIGKILL', wait_ms: 5_000 }]);
  const tail = readFileSync(log_path, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  throw new PlatformError(
    `Nginx ${program.version} did not start with ${config_path}: ${failure?.message ?? `\n${tail}`}`,
    { exit_code: 1 },
  );
};
