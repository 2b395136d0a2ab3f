import { checkRebuild } from '@catalyst/order-life';
import { createDatabase, createLog } from '@catalyst/service-kit';
import { readHistory } from './store/history.ts';

// Of a desk that is stopped, at the database of DATABASE_URL: the last line says where the rows of
// its book differ from their history. It reads, asks no broker and holds no desk.
const database = createDatabase(process.env.DATABASE_URL!, {
  log: createLog('trading', 'error'),
  application_name: 'catalyst-check-book',
  max_connections: 1,
});
try {
  process.stdout.write(`${JSON.stringify(checkRebuild(await readHistory(database)))}\n`);
} finally {
  await database.close();
}
