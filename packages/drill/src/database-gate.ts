import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createGate, type Gate } from './gate.ts';

/** A change of a row before which its writer is held, in its open transaction. */
export interface RowChange {
  table: string;
  act: 'INSERT' | 'UPDATE';
  /** A condition on NEW and, for an update, OLD; SQL of ours. */
  when: string;
}

export interface DatabaseGate {
  /** Holds the next writer that makes such a change, until the release. */
  arm(change: RowChange): Promise<Gate<'pass'>>;
}

const LOCK = 4_177_241;
const LOOK_EVERY_MS = 5;
const TRY_EVERY_MS = 100;
const TRIES = 100;

const INSTALL = `CREATE OR REPLACE FUNCTION drill_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(${LOCK});
  RETURN NEW;
END $$`;

const WAITING = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${LOCK} AND NOT granted`;

/**
 * Holds a service in the middle of a transaction of its own: a trigger waits for an advisory lock
 * that the drill has. A service that is killed there leaves a transaction that nobody commits.
 */
export const createDatabaseGate = async (database_url: string): Promise<DatabaseGate> => {
  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString: database_url,
      application_name: 'catalyst-drill',
    });
    client.on('error', () => undefined); // the drill ends servers too; the next query says so
    await client.connect();
    return client;
  };
  const first = await open();
  await first.query(INSTALL);
  await first.end();
  /** The gate before, until its trigger is gone. */
  let last: { gate: Gate<'pass'>; isGone: Promise<void> } | null = null;

  const remove = async (client: pg.Client, table: string): Promise<void> => {
    // a server that the drill ended has forgotten the lock, and brings the trigger back
    await client.end().catch(() => undefined);
    for (let tries = 0; ; tries += 1) {
      try {
        const again = await open();
        await again.query(`DROP TRIGGER IF EXISTS drill_gate ON ${table}`);
        await again.end();
        return;
      } catch (error) {
        if (tries >= TRIES) throw error;
        await pause(TRY_EVERY_MS); // the server is on its way back
      }
    }
  };

  return {
    arm: async ({ table, act, when }) => {
      last?.gate.release();
      await last?.isGone;
      const client = await open();
      await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
      await client.query(`CREATE TRIGGER drill_gate BEFORE ${act} ON ${table}
        FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION drill_gate()`);
      const gate = createGate<'pass'>('pass');
      const isGone = gate.opened.then(() => remove(client, table));
      isGone.catch(() => undefined); // told by the next gate, where there is one
      last = { gate, isGone };
      const look = async (): Promise<void> => {
        while (!gate.is_open()) {
          const { rowCount } = await client.query(WAITING);
          if (rowCount !== 0) return void gate.stop();
          await pause(LOOK_EVERY_MS);
        }
      };
      look().catch(() => undefined); // the connection ended with the server: nobody arrives any more
      return gate;
    },
  };
};
