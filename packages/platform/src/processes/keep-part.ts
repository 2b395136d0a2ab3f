/**
 * Ends a shared part soon after its last user is gone, however that one ended, and gives back the
 * memory that its data took. Started detached by `openPart`:
 * node keep-part.ts <postgres|redis> <folder> <milliseconds of grace>
 */
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { postgresKind } from '../postgres/postgres-kind.ts';
import { redisKind } from '../redis/redis-kind.ts';
import { memory_folder, withPartLock } from './open-part.ts';
import { partUsers } from './part-users.ts';

const poll_ms = 500;

const [name, folder, grace] = process.argv.slice(2);
if (folder === undefined || (name !== 'postgres' && name !== 'redis'))
  throw new Error('usage: keep-part.ts <postgres|redis> <folder> <milliseconds of grace>');
const kind =
  name === 'postgres' ? postgresKind({ data_dir: folder }) : redisKind({ data_dir: folder });
const users = partUsers(join(folder, 'users'));
const grace_ms = Number(grace);

for (let unused_ms = 0; ;) {
  await pause(poll_ms);
  unused_ms = users.countLiving() === 0 ? unused_ms + poll_ms : 0;
  if (unused_ms < grace_ms) continue;
  const ended = await withPartLock(folder, async () => {
    if (users.countLiving() > 0) return false;
    const running = await kind.find();
    if (running !== undefined) await kind.halt(running);
    if (folder.startsWith(`${memory_folder}/`)) kind.discard?.();
    return true;
  });
  if (ended) break;
  unused_ms = 0;
}
