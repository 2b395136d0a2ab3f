-- The day: cycles, jobs and their steps, scans, decisions, proposals, signals.

CREATE TABLE trading_cycles (
  cycle_id      uuid PRIMARY KEY,
  trade_date    date NOT NULL UNIQUE,
  state         text NOT NULL CHECK (state IN ('scheduled', 'scanning', 'ready', 'trading', 'closing', 'reporting', 'closed', 'failed')),
  session_mode  text NOT NULL CHECK (session_mode IN ('autonomous', 'supervised')),
  universe_size smallint NOT NULL CHECK (universe_size >= 50 AND universe_size <= 200),
  open_at       timestamptz NOT NULL,
  close_at      timestamptz NOT NULL,
  is_half_day   boolean NOT NULL,
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL
);

CREATE TABLE workflow_log (
  cycle_id      uuid NOT NULL REFERENCES trading_cycles,
  seq           bigint NOT NULL,
  at            timestamptz NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('transition', 'job', 'alert')),
  title         text NOT NULL,
  details       jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (cycle_id, seq)
);

-- What is due and done. A missed run is a row too: skipped, with the reason.
CREATE TABLE job_runs (
  cycle_id      uuid NOT NULL REFERENCES trading_cycles,
  job           text NOT NULL,
  due_at        timestamptz NOT NULL,
  state         text NOT NULL CHECK (state IN ('running', 'done', 'skipped', 'failed')),
  note          text,
  started_at    timestamptz NOT NULL,
  ended_at      timestamptz,
  PRIMARY KEY (cycle_id, job, due_at)
);

-- Results of a job's steps, kept so that a restart in the middle goes on from what was decided and does not decide again.
CREATE TABLE job_steps (
  cycle_id      uuid NOT NULL,
  job           text NOT NULL,
  due_at        timestamptz NOT NULL,
  step          text NOT NULL,
  result        jsonb NOT NULL,
  PRIMARY KEY (cycle_id, job, due_at, step),
  FOREIGN KEY (cycle_id, job, due_at) REFERENCES job_runs ON DELETE CASCADE
);

CREATE TABLE scans (
  scan_id       uuid PRIMARY KEY,
  cycle_id      uuid NOT NULL REFERENCES trading_cycles,
  phase         text NOT NULL CHECK (phase IN ('pre_market', 'intraday')),
  universe_size smallint NOT NULL,
  status        text NOT NULL CHECK (status IN ('started', 'complete', 'failed')),
  counts        jsonb NOT NULL DEFAULT '{}',
  degraded      text[] NOT NULL DEFAULT '{}',
  error         text,
  started_at    timestamptz NOT NULL,
  completed_at  timestamptz
);
CREATE INDEX scans_latest ON scans (cycle_id, completed_at);

CREATE TABLE scan_results (
  scan_id             uuid NOT NULL REFERENCES scans,
  security_id         integer NOT NULL REFERENCES securities,
  stage               text NOT NULL CHECK (stage IN ('universe', 'catalyst', 'technical', 'pattern', 'ranking')),
  passed              boolean NOT NULL,
  reason              text NOT NULL,
  rank                smallint,
  composite_score     float8,
  article_id          uuid REFERENCES news_raw,
  catalyst_type       text,
  catalyst_strength   float8,
  sentiment           float8,
  headline            text,
  technical           jsonb,
  pattern             jsonb,
  PRIMARY KEY (scan_id, security_id)
);

CREATE TABLE trade_proposals (
  proposal_id   uuid PRIMARY KEY,
  cycle_id      uuid NOT NULL REFERENCES trading_cycles,
  origin        text NOT NULL CHECK (origin IN ('cycle', 'person')),
  security_id   integer NOT NULL REFERENCES securities,
  intent        jsonb NOT NULL,
  context       jsonb NOT NULL DEFAULT '{}',
  verdict       jsonb NOT NULL,
  summary       text NOT NULL,
  state         text NOT NULL CHECK (state IN ('waiting', 'executed', 'expired', 'refused', 'rejected')),
  outcome       text,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL
);

CREATE TABLE decision_logs (
  decision_id   uuid PRIMARY KEY,
  cycle_id      uuid NOT NULL REFERENCES trading_cycles,
  security_id   integer NOT NULL REFERENCES securities,
  decided_at    timestamptz NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('enter', 'skip', 'exit', 'propose')),
  outcome       text NOT NULL,
  reason        text NOT NULL,
  scan_id       uuid REFERENCES scans,
  article_id    uuid REFERENCES news_raw,
  intent_id     uuid,
  pattern       text,
  inputs        jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX decision_logs_by_cycle ON decision_logs (cycle_id, decided_at);
CREATE INDEX decision_logs_by_intent ON decision_logs (intent_id);

-- Each decision to trade, immutable; what friends receive.
CREATE TABLE trading_signals (
  seq           bigint PRIMARY KEY,
  signal_id     uuid NOT NULL UNIQUE,
  decision_id   uuid NOT NULL REFERENCES decision_logs,
  security_id   integer NOT NULL REFERENCES securities,
  side          text NOT NULL CHECK (side IN ('buy', 'sell')),
  entry_price   numeric NOT NULL,
  stop_price    numeric NOT NULL,
  target_price  numeric NOT NULL,
  confidence    float8 NOT NULL,
  catalyst_type text,
  source        text,
  pattern       text,
  reason        text NOT NULL,
  created_at    timestamptz NOT NULL,
  valid_until   timestamptz NOT NULL
);

CREATE TABLE signal_clients (
  client_id     uuid PRIMARY KEY,
  name          text NOT NULL UNIQUE,
  key_sha256    text NOT NULL UNIQUE,
  scope         text NOT NULL CHECK (scope IN ('read', 'trade')),
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz,
  revoked_at    timestamptz
);
CREATE TABLE signal_deliveries (
  client_id     uuid NOT NULL REFERENCES signal_clients,
  seq           bigint NOT NULL REFERENCES trading_signals,
  delivered_at  timestamptz NOT NULL,
  acked_at      timestamptz,
  PRIMARY KEY (client_id, seq)
);
CREATE TABLE signal_feedback (
  client_id     uuid NOT NULL REFERENCES signal_clients,
  seq           bigint NOT NULL REFERENCES trading_signals,
  outcome       text NOT NULL,
  details       jsonb NOT NULL DEFAULT '{}',
  received_at   timestamptz NOT NULL,
  PRIMARY KEY (client_id, seq)
);

CREATE TABLE mcp_calls (
  call_id       uuid PRIMARY KEY,
  at            timestamptz NOT NULL,
  caller        text NOT NULL,
  tool          text NOT NULL,
  arguments     jsonb NOT NULL,
  outcome       text NOT NULL
);
