-- Each call over MCP, in one chain: a row's hash is over the row and the hash before it, so that none can be changed, taken out or put in between unseen.
-- Rows from before have no number and stand outside the chain.
ALTER TABLE mcp_calls
  ADD COLUMN seq           bigint UNIQUE CHECK (seq > 0),
  ADD COLUMN act_id        uuid,
  ADD COLUMN scope         text CHECK (scope IN ('read', 'propose', 'trade', 'admin')),
  ADD COLUMN touched       text[] NOT NULL DEFAULT '{}',
  ADD COLUMN duration_ms   integer CHECK (duration_ms >= 0),
  ADD COLUMN answer_sha256 text CHECK (answer_sha256 ~ '^[0-9a-f]{64}$'),
  ADD COLUMN row_sha256    text CHECK (row_sha256 ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT mcp_calls_chained CHECK ((seq IS NULL) = (row_sha256 IS NULL));
CREATE TRIGGER mcp_calls_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON mcp_calls EXECUTE FUNCTION refuse_rewriting();
