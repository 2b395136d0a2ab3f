-- What reporting reads of its neighbours' tables to tell the story of one symbol on one day.

CREATE VIEW v_story_news AS
SELECT s.symbol, n.article_id, src.name AS source, n.headline, n.url, n.published_at, n.first_seen_at,
  (n.first_seen_at AT TIME ZONE 'America/New_York')::date AS seen_on, n.duplicate_of IS NOT NULL AS is_repeat,
  ns.sentiment, ns.scored_by, ns.catalyst_type, ns.catalyst_strength
FROM news_symbols y
JOIN securities s USING (security_id)
JOIN news_raw n USING (article_id)
JOIN news_sources src USING (source_id)
LEFT JOIN news_sentiment ns ON ns.article_id = y.article_id AND ns.security_id = y.security_id;

CREATE VIEW v_story_scans AS
SELECT s.symbol, c.scan_id, c.cycle_id, c.phase, c.started_at, c.completed_at, r.stage, r.passed, r.reason, r.rank, r.composite_score,
  r.article_id, r.catalyst_type, r.catalyst_strength, r.sentiment, r.headline, r.technical, r.pattern
FROM scan_results r JOIN scans c USING (scan_id) JOIN securities s USING (security_id)
WHERE c.status = 'complete';

CREATE VIEW v_story_decisions AS
SELECT s.symbol, d.decision_id, d.cycle_id, d.decided_at, d.kind, d.outcome, d.reason, d.scan_id, d.article_id, d.intent_id, d.pattern
FROM decision_logs d JOIN securities s USING (security_id);

CREATE VIEW v_story_signals AS
SELECT s.symbol, d.cycle_id, t.seq, t.signal_id, t.decision_id, t.side, t.entry_price, t.stop_price, t.target_price, t.confidence, t.created_at, t.valid_until
FROM trading_signals t JOIN decision_logs d USING (decision_id) JOIN securities s ON s.security_id = t.security_id;

CREATE VIEW v_story_reviews AS
SELECT s.symbol, d.cycle_id, d.intent_id, d.decided_at, d.intent, d.decision
FROM risk_decisions d JOIN securities s USING (security_id);
