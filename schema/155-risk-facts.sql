-- What risk looks at beside the desk's standing.

-- What a read of the account says beside its sums: what open positions must be covered by, why the broker takes no orders, and the last execution that the
-- book had before the account was asked for, which is therefore in its figures.
ALTER TABLE account_snapshots
  ADD COLUMN maintenance_margin_usd numeric,
  ADD COLUMN blocked_reason text,
  ADD COLUMN fills_seq bigint;
CREATE OR REPLACE VIEW v_account_latest AS
SELECT * FROM account_snapshots ORDER BY read_at DESC LIMIT 1;

-- Money that came into the account or left it, as the broker's activities tell it: no result of the desk.
CREATE TABLE account_transfers (
  activity_id   text PRIMARY KEY,
  trade_date    date NOT NULL,
  -- Dollars that came in; negative for what left.
  amount_usd    numeric NOT NULL,
  is_canceled   boolean NOT NULL,
  read_at       timestamptz NOT NULL
);
CREATE INDEX account_transfers_by_date ON account_transfers (trade_date);
CREATE VIEW v_account_transfers AS
SELECT trade_date, amount_usd FROM account_transfers WHERE NOT is_canceled;

CREATE INDEX fills_by_time ON fills (filled_at);
CREATE INDEX positions_by_exit ON positions (exited_at) WHERE status = 'closed';

CREATE VIEW v_pattern_stops AS
SELECT security_id, detected_at, stop FROM pattern_detections;

-- The desk's closed trades with what each was decided by.
CREATE VIEW v_closed_trades AS
SELECT p.position_id, p.symbol, p.direction, p.entry_price, p.exit_price, p.initial_stop_price, p.exited_at, d.pattern, n.catalyst_type
FROM v_positions p
LEFT JOIN LATERAL (
  SELECT pattern, article_id FROM decision_logs d WHERE d.intent_id = p.intent_id AND d.kind <> 'skip' ORDER BY d.decided_at, d.decision_id LIMIT 1
) d ON true
LEFT JOIN LATERAL (
  SELECT catalyst_type FROM news_sentiment n WHERE n.article_id = d.article_id AND n.security_id = p.security_id ORDER BY n.time_id LIMIT 1
) n ON true
WHERE p.status = 'closed' AND p.entered_qty > 0 AND p.entry_price IS NOT NULL AND p.exit_price IS NOT NULL AND p.exited_at IS NOT NULL;

-- What a stock's last daily bars before a date say, splits undone as they were known on it: the mean of 14 true ranges in dollars, and the mean volume of
-- 20 sessions in shares; each with the days that it is of. Of two feeds' bars of a day that with more volume counts.
CREATE FUNCTION daily_habits(wanted integer, as_of date, since integer)
RETURNS TABLE (true_range float8, range_days integer, volume float8, volume_days integer) LANGUAGE sql STABLE AS $$
  WITH days AS (
    SELECT DISTINCT ON (t.trade_date) t.trade_date, h.high, h.low, h.close, h.volume,
      coalesce((
        SELECT exp(sum(ln(a.new_rate / a.old_rate))) FROM corporate_actions a
        WHERE a.security_id = h.security_id AND a.action_type IN ('forward_split', 'reverse_split') AND a.ex_date > t.trade_date AND a.ex_date <= as_of
      ), 1) AS split
    FROM trading_history h JOIN time_dimension t USING (time_id)
    WHERE h.security_id = wanted AND h.timeframe = '1day' AND h.time_id >= since AND t.trade_date < as_of
    ORDER BY t.trade_date DESC, h.volume DESC
    LIMIT 21
  ), adjusted AS (
    SELECT trade_date, high / split AS high, low / split AS low, close / split AS close, volume * split AS volume,
      row_number() OVER (ORDER BY trade_date DESC) AS nth, lag(close / split) OVER (ORDER BY trade_date) AS before
    FROM days
  )
  SELECT avg(greatest(high - low, abs(high - before), abs(low - before))) FILTER (WHERE nth <= 14 AND before IS NOT NULL)::float8,
    count(*) FILTER (WHERE nth <= 14 AND before IS NOT NULL)::integer,
    avg(volume) FILTER (WHERE nth <= 20)::float8, count(*) FILTER (WHERE nth <= 20)::integer
  FROM adjusted
$$;
