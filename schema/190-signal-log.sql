-- The signal log: immutable rows under one gapless number. `payload` is the row as everybody receives it; the columns beside it are what is looked up.

ALTER TABLE securities ADD COLUMN market_cap_usd numeric CHECK (market_cap_usd > 0 AND market_cap_usd < 'Infinity'),
  ADD COLUMN market_cap_as_of date,
  ADD CONSTRAINT securities_market_cap_has_a_date CHECK ((market_cap_usd IS NULL) = (market_cap_as_of IS NULL));
CREATE OR REPLACE VIEW v_securities AS
SELECT s.security_id, s.symbol, s.name, x.name AS sector, s.exchange, s.is_tradable, s.is_shortable, s.market_cap_usd, s.market_cap_as_of
FROM securities s LEFT JOIN sectors x USING (sector_id);

ALTER TABLE trading_signals
  ADD COLUMN kind text NOT NULL DEFAULT 'signal' CHECK (kind IN ('signal', 'entered', 'levels', 'cancelled', 'closed', 'desk_halted', 'desk_resumed')),
  ADD COLUMN about_seq bigint REFERENCES trading_signals,
  -- What the row was made from, so that it is made once: a decision, a position and kind, a change of the trading state.
  ADD COLUMN origin text,
  ADD COLUMN payload jsonb;
-- Rows from before were written without a review: they keep their numbers, and say what is known of them.
UPDATE trading_signals t SET origin = 'decision:' || t.decision_id, payload = jsonb_build_object(
  'v', 1, 'seq', t.seq, 'signal_id', t.signal_id, 'at', to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'kind', 'signal', 'symbol', s.symbol, 'side', t.side,
  'order_type', 'limit', 'entry_price', t.entry_price::text, 'stop_price', t.stop_price::text, 'target_price', t.target_price::text, 'confidence', t.confidence,
  'catalyst_type', t.catalyst_type, 'source', t.source, 'pattern', t.pattern, 'reason', t.reason, 'sector', NULL, 'price', t.entry_price::text, 'relative_volume', NULL,
  'market_cap', NULL, 'market_cap_as_of', NULL, 'valid_until', to_char(t.valid_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'chain', jsonb_build_object('cycle_id', d.cycle_id, 'decision_id', d.decision_id, 'scan_id', d.scan_id, 'article_id', d.article_id, 'headline', NULL))
FROM decision_logs d, securities s WHERE d.decision_id = t.decision_id AND s.security_id = t.security_id;
ALTER TABLE trading_signals
  ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN origin SET NOT NULL, ALTER COLUMN payload SET NOT NULL,
  ADD CONSTRAINT trading_signals_origin UNIQUE (origin),
  -- A row about the desk itself is of no stock, no decision, no price.
  ALTER COLUMN decision_id DROP NOT NULL, ALTER COLUMN security_id DROP NOT NULL, ALTER COLUMN side DROP NOT NULL, ALTER COLUMN entry_price DROP NOT NULL,
  ALTER COLUMN stop_price DROP NOT NULL, ALTER COLUMN target_price DROP NOT NULL, ALTER COLUMN confidence DROP NOT NULL, ALTER COLUMN reason DROP NOT NULL,
  ALTER COLUMN valid_until DROP NOT NULL,
  ADD CONSTRAINT trading_signals_kinds CHECK (
    CASE kind WHEN 'signal' THEN about_seq IS NULL AND num_nulls(decision_id, security_id, side, entry_price, stop_price, target_price, confidence, reason, valid_until) = 0
      WHEN 'desk_halted' THEN about_seq IS NULL AND security_id IS NULL
      WHEN 'desk_resumed' THEN about_seq IS NULL AND security_id IS NULL
      ELSE about_seq IS NOT NULL AND about_seq < seq AND security_id IS NOT NULL END);
CREATE INDEX trading_signals_about ON trading_signals (about_seq) WHERE about_seq IS NOT NULL;
CREATE INDEX trading_signals_by_security ON trading_signals (security_id, seq);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: its rows are neither changed nor deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER trading_signals_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON trading_signals EXECUTE FUNCTION refuse_change();

-- The story tells the first row of a trade.
CREATE OR REPLACE VIEW v_story_signals AS
SELECT s.symbol, d.cycle_id, t.seq, t.signal_id, t.decision_id, t.side, t.entry_price, t.stop_price, t.target_price, t.confidence, t.created_at, t.valid_until
FROM trading_signals t JOIN decision_logs d USING (decision_id) JOIN securities s ON s.security_id = t.security_id WHERE t.kind = 'signal';

-- What each trade of the log has come to: kept beside the log, and made from it alone (`catalyst signals replay` makes it again and compares).
CREATE TABLE signal_states (
  first_seq     bigint PRIMARY KEY REFERENCES trading_signals,
  last_seq      bigint NOT NULL REFERENCES trading_signals,
  state         text NOT NULL CHECK (state IN ('announced', 'entered', 'cancelled', 'closed')),
  stop_price    numeric,
  target_price  numeric
);
INSERT INTO signal_states SELECT seq, seq, 'announced', stop_price, target_price FROM trading_signals;

-- How far workflow has read its neighbours' logs.
CREATE TABLE signal_cursors (
  stream        text PRIMARY KEY,
  last_seq      bigint NOT NULL
);

-- What workflow makes the later rows of a trade from.
CREATE VIEW v_order_events AS
SELECT e.seq, e.event, e.status, e.occurred_at, o.client_order_id, o.position_id, o.role, o.status AS order_status, o.reason AS order_reason
FROM order_events e JOIN orders o USING (client_order_id);
CREATE INDEX positions_by_intent ON positions (intent_id) WHERE intent_id IS NOT NULL;
INSERT INTO signal_cursors SELECT 'order_events', coalesce(max(seq), 0) FROM order_events;
INSERT INTO signal_cursors SELECT 'trading_state_changes', coalesce(max(seq), 0) FROM trading_state_changes;

-- Which log this is: a kept number of another means nothing here.
CREATE TABLE signal_log (
  log_id        uuid PRIMARY KEY,
  is_only       boolean NOT NULL UNIQUE CHECK (is_only)
);
INSERT INTO signal_log VALUES (gen_random_uuid(), true);
