CREATE VIEW v_risk_approvals AS
SELECT a.*, s.symbol FROM risk_approvals a JOIN securities s USING (security_id);

CREATE VIEW v_cycle_hours AS
SELECT cycle_id, trade_date, state, open_at, close_at FROM trading_cycles;

-- Closes of the last sessions, splits undone as they were known on a date: a split with its ex-date after the bar and not after as_of divides the price.
CREATE FUNCTION split_adjusted_closes(wanted integer[], as_of date, since integer)
RETURNS TABLE (security_id integer, trade_date date, close float8) LANGUAGE sql STABLE AS $$
  SELECT h.security_id, t.trade_date,
    h.close::float8 / coalesce((
      SELECT exp(sum(ln(a.new_rate / a.old_rate))) FROM corporate_actions a
      WHERE a.security_id = h.security_id AND a.action_type IN ('forward_split', 'reverse_split') AND a.ex_date > t.trade_date AND a.ex_date <= as_of
    ), 1)::float8
  FROM trading_history h JOIN time_dimension t USING (time_id)
  WHERE h.security_id = ANY (wanted) AND h.timeframe = '1day' AND h.time_id >= since AND t.trade_date < as_of
  ORDER BY h.security_id, h.time_id
$$;
