import { expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalDatabase } from './local-database.ts';
import { SCHEMA_VERSION } from './schema.ts';

test('a file of the first version is led on: what is in it stays, and an approval is used once for each part', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'client-file-'));
  const path = join(folder, 'book.sqlite');
  openLocalDatabase(path).close();
  const old = new DatabaseSync(path);
  old.exec(`DROP INDEX orders_approval; CREATE UNIQUE INDEX orders_approval ON orders (approval_id);
    PRAGMA user_version = 1`);
  const add = (fields: object): string =>
    JSON.stringify({ status: 'new', approval_id: 'a', ...fields });
  old.prepare('INSERT INTO orders (row) VALUES (?)').run(add({ client_order_id: 'whole' }));
  old.close();

  const database = openLocalDatabase(path);
  const insert = (client_order_id: string, part: number) =>
    database.write((tx) =>
      tx.run(
        'INSERT INTO orders (row) VALUES (?) ON CONFLICT DO NOTHING',
        add({ client_order_id, part }),
      ),
    );
  expect(database.one('PRAGMA user_version')).toEqual({ user_version: SCHEMA_VERSION });
  // the row from before there were parts is the first one
  expect([await insert('again', 1), await insert('second', 2), await insert('twice', 2)]).toEqual([
    0, 1, 0,
  ]);
  expect(database.all('SELECT client_order_id FROM orders ORDER BY 1')).toEqual([
    { client_order_id: 'second' },
    { client_order_id: 'whole' },
  ]);
  database.close();
  rmSync(folder, { recursive: true });
});
