-- What else reporting reads of its neighbours' tables to tell the story of one symbol: proposals, the life of each order, minute bars.

CREATE VIEW v_story_proposals AS
SELECT s.symbol, p.cycle_id, p.proposal_id, p.origin, p.intent, p.verdict, p.summary, p.state, p.outcome, p.created_at, p.expires_at
FROM trade_proposals p JOIN securities s USING (security_id);

CREATE VIEW v_story_order_changes AS
SELECT s.symbol, o.cycle_id, e.seq, e.client_order_id, e.occurred_at, e.event, e.status, e.source AS told_by, e.details
FROM order_events e JOIN orders o USING (client_order_id) JOIN securities s USING (security_id);

-- Of two feeds' bars of a minute that with more volume counts.
CREATE VIEW v_story_minutes AS
SELECT DISTINCT ON (s.symbol, t.trade_date, h.time_id) s.symbol, t.trade_date, h.time_id, to_timestamp((h.time_id + 1)::bigint * 60) AS ended_at, h.high, h.low, h.close
FROM trading_history h JOIN time_dimension t USING (time_id) JOIN securities s USING (security_id)
WHERE h.timeframe = '1min'
ORDER BY s.symbol, t.trade_date, h.time_id, h.volume DESC, h.feed;
