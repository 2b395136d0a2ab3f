-- Who receives signals, and what became of them there. A client's key is a row of access_keys under its name; here is what outlives a key.
DROP TABLE signal_feedback, signal_deliveries, signal_clients;

CREATE TABLE signal_clients (
  client_id     uuid PRIMARY KEY,
  name          text NOT NULL UNIQUE,
  created_by    text NOT NULL,
  created_at    timestamptz NOT NULL,
  -- The last sign of life, told in batches.
  last_seen_at  timestamptz
);

-- A code that becomes a key once. The key follows from code, nonce and the desk's own secret, so that a lost answer can be asked for again for a while.
CREATE TABLE signal_invitations (
  code_sha256   text PRIMARY KEY CHECK (code_sha256 ~ '^[0-9a-f]{64}$'),
  client_id     uuid NOT NULL REFERENCES signal_clients,
  scope         text NOT NULL CHECK (scope IN ('read', 'trade')),
  key_hours     integer CHECK (key_hours > 0),
  created_by    text NOT NULL,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL CHECK (expires_at > created_at),
  nonce_sha256  text CHECK (nonce_sha256 ~ '^[0-9a-f]{64}$'),
  joined_at     timestamptz,
  CHECK ((nonce_sha256 IS NULL) = (joined_at IS NULL))
);

-- Settings are the client's own, limits the operator's; each save is a version.
CREATE TABLE signal_settings (
  client_id     uuid NOT NULL REFERENCES signal_clients,
  version       integer NOT NULL CHECK (version > 0),
  kind          text NOT NULL CHECK (kind IN ('settings', 'limits')),
  value         jsonb NOT NULL,
  saved_by      text NOT NULL,
  saved_at      timestamptz NOT NULL,
  PRIMARY KEY (client_id, version)
);

-- What happened to clients, under one gapless number: orchestration follows it to know whose session changes or ends.
CREATE TABLE signal_events (
  seq           bigint PRIMARY KEY,
  -- Null for what concerns all.
  client_id     uuid REFERENCES signal_clients,
  kind          text NOT NULL CHECK (kind IN ('invited', 'joined', 'connected', 'subscribed', 'acked', 'disconnected', 'settings', 'limits', 'revoked', 'flag')),
  details       jsonb NOT NULL DEFAULT '{}',
  at            timestamptz NOT NULL
);
CREATE INDEX signal_events_by_client ON signal_events (client_id, kind, seq);

-- A frame that was handed to a client's connection; again in another session where the first did not arrive.
CREATE TABLE signal_deliveries (
  client_id     uuid NOT NULL REFERENCES signal_clients,
  session_id    uuid NOT NULL,
  seq           bigint NOT NULL REFERENCES trading_signals,
  delivered_at  timestamptz NOT NULL,
  PRIMARY KEY (client_id, session_id, seq)
);

CREATE TABLE signal_feedback (
  feedback_id   uuid PRIMARY KEY,
  client_id     uuid NOT NULL REFERENCES signal_clients,
  seq           bigint NOT NULL REFERENCES trading_signals,
  outcome       text NOT NULL,
  details       jsonb NOT NULL DEFAULT '{}',
  received_at   timestamptz NOT NULL
);
CREATE INDEX signal_feedback_by_client ON signal_feedback (client_id, seq);

CREATE TRIGGER signal_settings_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON signal_settings EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signal_events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON signal_events EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signal_deliveries_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON signal_deliveries EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signal_feedback_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON signal_feedback EXECUTE FUNCTION refuse_change();

ALTER TABLE feature_flags ADD COLUMN updated_by text;
