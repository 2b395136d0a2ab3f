-- Every act's row in a chain of its service: a row's hash is over the row and the hash before it, so that none can be changed, taken out or put in between
-- unseen. The database computes it, whoever writes; rows from before have none and stand outside the chain.
ALTER TABLE audit_log ADD COLUMN row_sha256 text CHECK (row_sha256 ~ '^[0-9a-f]{64}$');

CREATE FUNCTION audit_row_sha256(told audit_log, before text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(coalesce(before, repeat('0', 64)) || E'\n' || jsonb_build_array(
    told.service, told.seq, (extract(epoch FROM told.at) * 1000000)::bigint, told.actor, told.on_behalf_of, told.action, told.subject, told.details,
    told.request_id, told.journal_id)::text, 'UTF8')), 'hex')
$$;

-- The number before is taken under the lock of the service's stream, so that the row before is there.
CREATE FUNCTION chain_audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.row_sha256 := audit_row_sha256(NEW, (SELECT row_sha256 FROM audit_log WHERE service = NEW.service AND seq = NEW.seq - 1));
  RETURN NEW;
END $$;
CREATE TRIGGER audit_log_is_chained BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION chain_audit_row();
CREATE TRIGGER audit_log_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log EXECUTE FUNCTION refuse_rewriting();

-- Each service's chain, computed anew: how many rows it has, the hash of the last, and the first number at which it does not hold.
CREATE VIEW v_audit_chains AS
WITH looked AS (
  SELECT a.service, a.seq, a.row_sha256,
    a.row_sha256 <> audit_row_sha256(a, lag(a.row_sha256) OVER chain) OR coalesce(lag(a.seq) OVER chain, a.seq - 1) <> a.seq - 1 AS is_broken
  FROM audit_log a WHERE a.row_sha256 IS NOT NULL WINDOW chain AS (PARTITION BY a.service ORDER BY a.seq)
), chains AS (
  SELECT service, count(*)::integer AS rows, max(seq) AS last_seq, (array_agg(row_sha256 ORDER BY seq DESC))[1] AS head_sha256,
    min(seq) FILTER (WHERE is_broken) AS broken_seq
  FROM looked GROUP BY service
)
SELECT c.service, c.rows, c.head_sha256, least(c.broken_seq, CASE WHEN h.last_seq > c.last_seq THEN c.last_seq + 1 END) AS broken_seq
FROM chains c JOIN stream_heads h ON h.stream = 'audit:' || c.service;
