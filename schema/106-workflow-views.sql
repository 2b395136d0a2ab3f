-- What workflow reads of its neighbours' tables.

CREATE VIEW v_risk_events AS
SELECT event_id, cycle_id, severity, code, message, used_ratio, at FROM risk_events;

CREATE VIEW v_article_sources AS
SELECT n.article_id, s.name AS source FROM news_raw n JOIN news_sources s USING (source_id);

CREATE INDEX job_steps_latest ON job_steps (cycle_id, step, due_at);
CREATE INDEX trade_proposals_waiting ON trade_proposals (expires_at) WHERE state = 'waiting';
CREATE INDEX trade_proposals_by_cycle ON trade_proposals (cycle_id, created_at);
