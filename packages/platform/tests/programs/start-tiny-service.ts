/**
 * Starts a program as the fleet does, tells its process id and stays: node start-tiny-service.ts
 * <log> <port>
 */
import { spawnProgram } from '../../src/processes/spawn-program.ts';

const [log_path = '', port = ''] = process.argv.slice(2);
const child = spawnProgram({
  entry: new URL('./tiny-service.ts', import.meta.url).pathname,
  env: { PORT: port },
  log_path,
  cwd: '/',
});
process.stdout.write(`${child.pid}\n`);
