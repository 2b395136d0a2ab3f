-- What one service reads of another's tables; the tables themselves are their owner's alone.

CREATE VIEW v_securities AS
SELECT s.security_id, s.symbol, s.name, x.name AS sector, s.exchange, s.is_tradable, s.is_shortable
FROM securities s LEFT JOIN sectors x USING (sector_id);

CREATE VIEW v_bars AS
SELECT h.security_id, s.symbol, h.timeframe, h.feed, h.time_id, h.open::float8 AS open, h.high::float8 AS high, h.low::float8 AS low, h.close::float8 AS close, h.volume::float8 AS volume
FROM trading_history h JOIN securities s USING (security_id);

CREATE VIEW v_corporate_actions AS
SELECT s.symbol, a.* FROM corporate_actions a JOIN securities s USING (security_id);

CREATE VIEW v_quotes_latest AS
SELECT s.symbol, q.* FROM latest_quotes q JOIN securities s USING (security_id);

CREATE VIEW v_account_latest AS
SELECT * FROM account_snapshots ORDER BY read_at DESC LIMIT 1;

CREATE VIEW v_positions AS
SELECT p.*, s.symbol, x.name AS sector
FROM positions p JOIN securities s USING (security_id) LEFT JOIN sectors x USING (sector_id);

CREATE VIEW v_orders AS
SELECT o.*, s.symbol FROM orders o JOIN securities s USING (security_id);

CREATE VIEW v_fills AS
SELECT f.*, o.cycle_id, o.position_id, o.side, o.role, s.symbol
FROM fills f JOIN orders o USING (client_order_id) JOIN securities s USING (security_id);

-- Approvals that may still become an order: exposure counts them.
CREATE VIEW v_unused_approvals AS
SELECT a.*, s.symbol FROM risk_approvals a JOIN securities s USING (security_id)
WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.approval_id = a.approval_id);

CREATE VIEW v_reconciliation_latest AS
SELECT * FROM reconciliations ORDER BY checked_at DESC, reconciliation_id DESC LIMIT 1;

-- One chain from headline to outcome: article -> catalyst -> candidate -> decision -> order -> fill -> exit -> R.
CREATE VIEW v_trade_chain AS
SELECT p.position_id, p.cycle_id, s.symbol, p.direction, p.status, p.entered_qty AS qty, p.entered_at, p.entry_price, p.exited_at, p.exit_price, p.exit_reason,
  p.initial_stop_price, p.realized_pnl_usd, p.intent_id, d.decision_id, d.reason AS decision_reason, d.pattern, d.scan_id, d.article_id,
  n.headline, n.published_at, n.first_seen_at, src.name AS source, ns.catalyst_type, ns.catalyst_strength, ns.sentiment, r.rank, r.composite_score
FROM positions p
JOIN securities s USING (security_id)
LEFT JOIN decision_logs d ON d.intent_id = p.intent_id AND d.kind = 'enter'
LEFT JOIN news_raw n ON n.article_id = d.article_id
LEFT JOIN news_sources src ON src.source_id = n.source_id
LEFT JOIN news_sentiment ns ON ns.article_id = d.article_id AND ns.security_id = p.security_id
LEFT JOIN scan_results r ON r.scan_id = d.scan_id AND r.security_id = p.security_id;
