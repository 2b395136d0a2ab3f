-- The same chains, with what stands outside of them: rows from before there was a chain have no hash, and nothing shows whether they are what was written.
CREATE OR REPLACE VIEW v_audit_chains AS
WITH looked AS (
  SELECT a.service, a.seq, a.at, a.row_sha256,
    a.row_sha256 <> audit_row_sha256(a, lag(a.row_sha256) OVER chain) OR coalesce(lag(a.seq) OVER chain, a.seq - 1) <> a.seq - 1 AS is_broken
  FROM audit_log a WHERE a.row_sha256 IS NOT NULL WINDOW chain AS (PARTITION BY a.service ORDER BY a.seq)
), chains AS (
  SELECT service, count(*)::integer AS rows, max(seq) AS last_seq, (array_agg(row_sha256 ORDER BY seq DESC))[1] AS head_sha256,
    min(seq) FILTER (WHERE is_broken) AS broken_seq, min(seq) AS began_seq, (array_agg(at ORDER BY seq))[1] AS began_at
  FROM looked GROUP BY service
), outside AS (
  SELECT service, count(*)::integer AS rows, max(seq) AS last_seq FROM audit_log WHERE row_sha256 IS NULL GROUP BY service
), ends AS (
  SELECT service, c.rows, c.head_sha256, c.broken_seq, c.began_seq, c.began_at, o.rows AS outside_rows, greatest(c.last_seq, o.last_seq) AS last_seq
  FROM chains c FULL JOIN outside o USING (service)
)
SELECT e.service, coalesce(e.rows, 0) AS rows, e.head_sha256, least(e.broken_seq, CASE WHEN h.last_seq > e.last_seq THEN e.last_seq + 1 END) AS broken_seq,
  coalesce(e.outside_rows, 0) AS outside_rows, e.began_seq, e.began_at
FROM ends e JOIN stream_heads h ON h.stream = 'audit:' || e.service;
