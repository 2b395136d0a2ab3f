-- What the authorization server remembers. Ids are hashed and contents sealed by orchestration: nothing here lets anybody in.
CREATE TABLE oauth_records (
  model       text NOT NULL CHECK (model IN ('AccessToken', 'AuthorizationCode', 'Client', 'Grant', 'Interaction', 'RefreshToken', 'ReplayDetection', 'Session')),
  id_hash     text NOT NULL CHECK (id_hash ~ '^[0-9a-f]{64}$'),
  sealed      text NOT NULL,
  grant_id    text,
  -- Of an access token: what it may do, within what its grant's key may.
  scopes      text[] CHECK (scopes <@ ARRAY['read', 'propose', 'trade']),
  created_at  timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL CHECK (expires_at > created_at),
  consumed_at timestamptz,
  PRIMARY KEY (model, id_hash)
);
CREATE INDEX oauth_records_of_grant ON oauth_records (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX oauth_records_end ON oauth_records (expires_at);
-- Whom the operator let in by OAuth: its tokens stand for the key.
CREATE TABLE oauth_grants (
  grant_id       text PRIMARY KEY,
  key_id         uuid NOT NULL UNIQUE REFERENCES access_keys,
  client_id_hash text NOT NULL,
  client_name    text NOT NULL,
  redirect_host  text NOT NULL,
  resource       text NOT NULL
);
