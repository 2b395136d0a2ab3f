/**
 * One file holds all that a client must remember. Rows of the order book are JSON as the order life
 * gives them, with the columns that are looked up made from it; histories only grow.
 */
export const SCHEMA_VERSION = 2;

const fromRow = (...names: readonly string[]): string =>
  names.map((name) => `${name} ANY GENERATED ALWAYS AS (row ->> '${name}') VIRTUAL`).join(', ');

const onlyGrows = (table: string): string => `
CREATE TRIGGER ${table}_stay BEFORE UPDATE ON ${table} BEGIN SELECT raise(ABORT, '${table} are never changed'); END;
CREATE TRIGGER ${table}_remain BEFORE DELETE ON ${table} BEGIN SELECT raise(ABORT, '${table} are never deleted'); END;`;

/** An approval is used once for each part of an entry; rows from before there were parts are whole. */
const APPROVAL_INDEX =
  "CREATE UNIQUE INDEX orders_approval ON orders (approval_id, coalesce(row ->> 'part', 1));";

/** What leads a file of each earlier version to the next. */
export const UPGRADES: Readonly<Record<number, string>> = {
  1: `DROP INDEX orders_approval; ${APPROVAL_INDEX}`,
};

export const SCHEMA = `
-- what came from the desk: one row for each number that was a signal's
CREATE TABLE signals (log_id TEXT NOT NULL, seq INTEGER NOT NULL, received_at TEXT NOT NULL, row TEXT NOT NULL,
  ${fromRow('signal_id', 'kind', 'symbol')}, about ANY GENERATED ALWAYS AS (row ->> '$.about.signal_id') VIRTUAL, PRIMARY KEY (log_id, seq));
CREATE UNIQUE INDEX signals_id ON signals (signal_id);
CREATE INDEX signals_about ON signals (about);
-- how far the stream was seen, and what the desk asks
CREATE TABLE stream (one INTEGER PRIMARY KEY CHECK (one = 1), log_id TEXT NOT NULL, last_seq INTEGER NOT NULL,
  is_desk_halted INTEGER NOT NULL, configuration TEXT NOT NULL);
-- each signal is decided once
CREATE TABLE decisions (signal_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, decided_at TEXT NOT NULL, decision TEXT NOT NULL,
  code TEXT, reason TEXT NOT NULL, plan TEXT, intent TEXT, approval_id TEXT UNIQUE, intent_hash TEXT, expires_at TEXT NOT NULL);
-- what is told to the desk, until it says that it has it
CREATE TABLE feedback (feedback_id TEXT PRIMARY KEY, made_at TEXT NOT NULL, row TEXT NOT NULL, settled_at TEXT);
-- the owner's words and the client's own stops
CREATE TABLE standings (number INTEGER PRIMARY KEY, at TEXT NOT NULL, act TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL, by TEXT);
CREATE TABLE trade_switches (number INTEGER PRIMARY KEY, at TEXT NOT NULL, is_on INTEGER NOT NULL);
-- what the running process last knew of its connections, for those who only look
CREATE TABLE looks (one INTEGER PRIMARY KEY CHECK (one = 1), at TEXT NOT NULL, row TEXT NOT NULL);

CREATE TABLE orders (row TEXT NOT NULL, ${fromRow('client_order_id', 'broker_order_id', 'approval_id', 'position_id', 'symbol', 'side', 'role', 'qty', 'status', 'created_at')});
CREATE UNIQUE INDEX orders_id ON orders (client_order_id);
CREATE UNIQUE INDEX orders_broker ON orders (broker_order_id);
${APPROVAL_INDEX}
CREATE INDEX orders_position ON orders (position_id);
CREATE TABLE order_events (seq INTEGER PRIMARY KEY, client_order_id TEXT NOT NULL, event TEXT NOT NULL, source TEXT NOT NULL,
  details TEXT NOT NULL, occurred_at TEXT NOT NULL, order_state TEXT);
CREATE INDEX order_events_order ON order_events (client_order_id, event);
CREATE TABLE positions (row TEXT NOT NULL, ${fromRow('position_id', 'symbol', 'status', 'intent_id', 'created_at', 'exited_at')});
CREATE UNIQUE INDEX positions_id ON positions (position_id);
CREATE INDEX positions_open ON positions (symbol) WHERE status <> 'closed';
CREATE TABLE position_events (seq INTEGER PRIMARY KEY, position_id TEXT NOT NULL, event TEXT NOT NULL, details TEXT NOT NULL, occurred_at TEXT NOT NULL);
CREATE TABLE fills (seq INTEGER PRIMARY KEY, execution_id TEXT NOT NULL UNIQUE, client_order_id TEXT NOT NULL, qty TEXT NOT NULL,
  price TEXT NOT NULL, filled_at TEXT NOT NULL);
CREATE INDEX fills_order ON fills (client_order_id);
CREATE TABLE cursors (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, at TEXT NOT NULL);
CREATE TABLE accounts (read_at TEXT PRIMARY KEY, row TEXT NOT NULL);
CREATE TABLE reconciliations (reconciliation_id TEXT PRIMARY KEY, checked_at TEXT NOT NULL, row TEXT NOT NULL);
CREATE TABLE activities (activity_id TEXT PRIMARY KEY, kind TEXT NOT NULL, row TEXT NOT NULL);
CREATE TABLE halt_sightings (seen_at TEXT PRIMARY KEY, reason TEXT NOT NULL);
CREATE TABLE audit (number INTEGER PRIMARY KEY, at TEXT NOT NULL, row TEXT NOT NULL);
${['signals', 'decisions', 'standings', 'trade_switches', 'order_events', 'position_events', 'fills', 'audit'].map(onlyGrows).join('')}
`;
