/**
 * Starts a part, tells its process id and stays until it is ended: node hold-part.ts
 * <postgres|redis> <folder> [keep_ms]
 */
import { startPostgres, startRedis } from '../../src/index.ts';

const [kind, data_dir = '', keep] = process.argv.slice(2);
const keep_option = keep === undefined ? {} : { keep_ms: Number(keep) };
const part =
  kind === 'postgres'
    ? await startPostgres({ data_dir, no_sync: true, ...keep_option })
    : await startRedis({ data_dir, ...keep_option });
process.stdout.write(`${part.pid}\n`);
setInterval(() => undefined, 1_000);
