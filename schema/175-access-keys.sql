-- Who may come in from outside, and what each may do. A key itself is shown once, to whom it was made for; here is its SHA-256.
CREATE TABLE access_keys (
  key_id        uuid PRIMARY KEY,
  kind          text NOT NULL CHECK (kind IN ('claude', 'client')),
  name          text NOT NULL,
  scopes        text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'propose', 'trade', 'admin'] AND cardinality(scopes) > 0),
  key_hash      text NOT NULL UNIQUE CHECK (key_hash ~ '^[0-9a-f]{64}$'),
  -- Made by the installation rather than by a person: it goes with the installation's own list.
  is_installed  boolean NOT NULL,
  created_by    text NOT NULL,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz CHECK (expires_at > created_at),
  revoked_by    text,
  revoked_at    timestamptz,
  last_used_at  timestamptz,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
-- A name in the audit means one key at a time.
CREATE UNIQUE INDEX access_keys_of_name ON access_keys (kind, name) WHERE revoked_at IS NULL;
