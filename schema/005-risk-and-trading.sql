-- Limits, approvals, the trading state; orders, fills, positions, and what the broker says of them.

CREATE TABLE risk_parameters (
  version       integer PRIMARY KEY,
  parameters    jsonb NOT NULL,
  changed_name  text,
  old_value     jsonb,
  new_value     jsonb,
  changed_by    text NOT NULL,
  reason        text NOT NULL,
  changed_at    timestamptz NOT NULL
);

CREATE TABLE trading_state_changes (
  seq           bigint PRIMARY KEY,
  state         text NOT NULL CHECK (state IN ('halted', 'active', 'reducing', 'flattening')),
  changed_by    text NOT NULL,
  reason        text NOT NULL,
  changed_at    timestamptz NOT NULL
);

CREATE TABLE risk_decisions (
  intent_id     uuid PRIMARY KEY,
  cycle_id      uuid NOT NULL REFERENCES trading_cycles,
  security_id   integer NOT NULL REFERENCES securities,
  intent        jsonb NOT NULL,
  verdict       text NOT NULL CHECK (verdict IN ('approved', 'refused')),
  code          text,
  decision      jsonb NOT NULL,
  decided_at    timestamptz NOT NULL
);

CREATE TABLE risk_approvals (
  approval_id   uuid PRIMARY KEY,
  intent_id     uuid NOT NULL UNIQUE REFERENCES risk_decisions,
  intent_hash   text NOT NULL,
  cycle_id      uuid NOT NULL REFERENCES trading_cycles,
  security_id   integer NOT NULL REFERENCES securities,
  direction     text NOT NULL CHECK (direction IN ('long', 'short')),
  qty           numeric(20,9) NOT NULL CHECK (qty > 0),
  entry_price   numeric NOT NULL,
  risk_usd      numeric NOT NULL,
  notional_usd  numeric NOT NULL,
  approved_at   timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL
);
CREATE INDEX risk_approvals_live ON risk_approvals (expires_at);

CREATE TABLE risk_events (
  event_id      uuid PRIMARY KEY,
  cycle_id      uuid REFERENCES trading_cycles,
  severity      text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  code          text NOT NULL,
  message       text NOT NULL,
  used_ratio    float8,
  at            timestamptz NOT NULL
);
CREATE INDEX risk_events_by_cycle ON risk_events (cycle_id, at);

CREATE TABLE account_snapshots (
  read_at         timestamptz PRIMARY KEY,
  account_number  text NOT NULL,
  equity_usd      numeric NOT NULL,
  last_equity_usd numeric NOT NULL,
  cash_usd        numeric NOT NULL,
  buying_power_usd numeric NOT NULL
);

CREATE TABLE positions (
  position_id       uuid PRIMARY KEY,
  cycle_id          uuid REFERENCES trading_cycles,
  security_id       integer NOT NULL REFERENCES securities,
  intent_id         uuid,
  direction         text NOT NULL CHECK (direction IN ('long', 'short')),
  status            text NOT NULL CHECK (status IN ('opening', 'open', 'closing', 'closed')),
  qty               numeric(20,9) NOT NULL CHECK (qty >= 0),
  entered_qty       numeric(20,9) NOT NULL CHECK (entered_qty >= 0),
  entry_notional    numeric NOT NULL DEFAULT 0,
  exit_notional     numeric NOT NULL DEFAULT 0,
  entry_price       numeric,
  entered_at        timestamptz,
  exit_price        numeric,
  exited_at         timestamptz,
  exit_reason       text,
  initial_stop_price numeric,
  target_price      numeric,
  last_price        numeric,
  unrealized_pnl_usd numeric NOT NULL DEFAULT 0,
  realized_pnl_usd  numeric NOT NULL DEFAULT 0,
  is_protected      boolean NOT NULL DEFAULT false,
  is_adopted        boolean NOT NULL DEFAULT false,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL
);
CREATE UNIQUE INDEX positions_one_open ON positions (security_id) WHERE status <> 'closed';
CREATE INDEX positions_by_cycle ON positions (cycle_id, created_at);

CREATE TABLE orders (
  client_order_id   text PRIMARY KEY,
  broker_order_id   text UNIQUE,
  parent_client_order_id text REFERENCES orders,
  approval_id       uuid UNIQUE REFERENCES risk_approvals,
  cycle_id          uuid REFERENCES trading_cycles,
  position_id       uuid REFERENCES positions,
  security_id       integer NOT NULL REFERENCES securities,
  side              text NOT NULL CHECK (side IN ('buy', 'sell')),
  role              text NOT NULL CHECK (role IN ('entry', 'stop', 'target', 'exit')),
  type              text NOT NULL CHECK (type IN ('market', 'limit', 'stop', 'stop_limit', 'trailing_stop')),
  order_class       text NOT NULL CHECK (order_class IN ('simple', 'bracket', 'oco', 'oto')),
  time_in_force     text NOT NULL CHECK (time_in_force IN ('day', 'gtc')),
  qty               numeric(20,9) NOT NULL CHECK (qty > 0),
  filled_qty        numeric(20,9) NOT NULL DEFAULT 0 CHECK (filled_qty >= 0 AND filled_qty <= qty),
  filled_avg_price  numeric,
  limit_price       numeric,
  stop_price        numeric,
  status            text NOT NULL,
  reason            text,
  exit_reason       text,
  is_adopted        boolean NOT NULL DEFAULT false,
  request           jsonb NOT NULL,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  -- An entry needs an approval; what the desk found at the broker has none and says so.
  CHECK (role <> 'entry' OR approval_id IS NOT NULL OR is_adopted)
);
CREATE INDEX orders_open ON orders (position_id) WHERE status NOT IN ('filled', 'canceled', 'expired', 'replaced', 'rejected', 'refused');
CREATE INDEX orders_by_cycle ON orders (cycle_id, created_at);

CREATE TABLE order_events (
  seq               bigint PRIMARY KEY,
  client_order_id   text NOT NULL REFERENCES orders,
  event             text NOT NULL,
  status            text NOT NULL,
  source            text NOT NULL CHECK (source IN ('desk', 'stream', 'rest')),
  details           jsonb NOT NULL DEFAULT '{}',
  occurred_at       timestamptz NOT NULL
);
CREATE INDEX order_events_by_order ON order_events (client_order_id, seq);

CREATE TABLE fills (
  seq               bigint PRIMARY KEY,
  execution_id      text NOT NULL UNIQUE,
  client_order_id   text NOT NULL REFERENCES orders,
  qty               numeric(20,9) NOT NULL CHECK (qty > 0),
  price             numeric NOT NULL CHECK (price > 0),
  filled_at         timestamptz NOT NULL
);
CREATE INDEX fills_by_order ON fills (client_order_id);

-- How far the desk has read the broker's updates.
CREATE TABLE broker_cursors (
  stream            text PRIMARY KEY,
  last_seq          bigint NOT NULL,
  last_at           timestamptz
);

CREATE TABLE reconciliations (
  reconciliation_id uuid PRIMARY KEY,
  cycle_id          uuid REFERENCES trading_cycles,
  reconciled        boolean NOT NULL,
  result            jsonb NOT NULL,
  checked_at        timestamptz NOT NULL
);
CREATE INDEX reconciliations_latest ON reconciliations (checked_at);
