/**
 * Ends a shared part soon after its last user is gone, however that one ended.
 * Started detached by `openPart`: node keep-part.ts <postgres|redis> <folder>
 */
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { postgresKind } from '../postgres/postgres-kind.ts';
import { redisKind } from '../redis/redis-kind.ts';
import { withPartLock } from './open-part.ts';
import { partUsers } from './part-users.ts';

const poll_ms = 1_000;
/** Test runs follow one another; a part is kept this long so that the next one finds it warm. */
const grace_polls = 8;

const [name, folder] = process.argv.slice(2);
if (folder === undefined || (name !== 'postgres' && name !== 'redis')) throw new Error('usage: keep-part.ts <postgres|redis> <folder>');
const kind = name === 'postgres' ? postgresKind({ data_dir: folder }) : redisKind({ data_dir: folder });
const users = partUsers(join(folder, 'users'));

for (let unused = 0; ; ) {
  await pause(poll_ms);
  unused = users.countLiving() === 0 ? unused + 1 : 0;
  if (unused < grace_polls) continue;
  const ended = await withPartLock(folder, async () => {
    if (users.countLiving() > 0) return false;
    const running = await kind.find();
    if (running !== undefined) await kind.halt(running);
    return true;
  });
  if (ended) break;
  unused = 0;
}
