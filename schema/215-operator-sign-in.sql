-- The one person who signs in at the desk's pages. The second factor is sealed with a secret that is not in this database.
CREATE TABLE operators (
  name            text PRIMARY KEY CHECK (name = 'operator'),
  password_hash   text NOT NULL,
  totp_sealed     text NOT NULL,
  -- The last time step whose code was taken: none is taken twice, and none from before.
  last_totp_step  bigint NOT NULL DEFAULT 0,
  recovery_hashes text[] NOT NULL,
  set_by          text NOT NULL,
  set_at          timestamptz NOT NULL,
  confirmed_at    timestamptz
);
-- Tries that failed, or whose end is not known yet: each makes the next wait longer.
CREATE TABLE operator_tries (
  try_id  uuid PRIMARY KEY,
  address text NOT NULL,
  at      timestamptz NOT NULL
);
CREATE INDEX operator_tries_at ON operator_tries (at);
CREATE TABLE operator_sessions (
  session_hash text PRIMARY KEY CHECK (session_hash ~ '^[0-9a-f]{64}$'),
  address      text NOT NULL,
  signed_in_at timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL CHECK (expires_at > signed_in_at)
);
