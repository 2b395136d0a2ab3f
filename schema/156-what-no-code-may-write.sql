-- What no code may write. NaN and infinity are numbers to PostgreSQL, and NaN is more than every number, so that "at least 0" lets it in: each amount has an
-- end above too. NOT VALID: rows that are there already are left alone, each new or changed one is held to it.

ALTER TABLE orders
  ADD CONSTRAINT orders_status CHECK (status IN ('intended', 'refused', 'unknown', 'new', 'partially_filled', 'filled', 'done_for_day', 'canceled', 'expired',
    'replaced', 'pending_cancel', 'pending_replace', 'accepted', 'pending_new', 'accepted_for_bidding', 'stopped', 'rejected', 'suspended', 'calculated', 'held')) NOT VALID,
  ADD CONSTRAINT orders_amounts CHECK (qty < 'Infinity' AND filled_qty < 'Infinity'
    AND (filled_avg_price IS NULL OR (filled_avg_price > 0 AND filled_avg_price < 'Infinity'))
    AND (limit_price IS NULL OR (limit_price > 0 AND limit_price < 'Infinity'))
    AND (stop_price IS NULL OR (stop_price > 0 AND stop_price < 'Infinity'))) NOT VALID;

ALTER TABLE order_events
  ADD CONSTRAINT order_events_status CHECK (status IN ('intended', 'refused', 'unknown', 'new', 'partially_filled', 'filled', 'done_for_day', 'canceled', 'expired',
    'replaced', 'pending_cancel', 'pending_replace', 'accepted', 'pending_new', 'accepted_for_bidding', 'stopped', 'rejected', 'suspended', 'calculated', 'held')) NOT VALID;

ALTER TABLE fills
  ADD CONSTRAINT fills_amounts CHECK (qty < 'Infinity' AND price < 'Infinity') NOT VALID;

-- The executions of an order are together no more than the order; looked at when the transaction ends, since the order may follow its execution in it.
CREATE FUNCTION check_fills_within_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ordered numeric;
  filled numeric;
BEGIN
  SELECT qty INTO ordered FROM orders WHERE client_order_id = NEW.client_order_id;
  SELECT sum(qty) INTO filled FROM fills WHERE client_order_id = NEW.client_order_id;
  IF filled > ordered THEN
    RAISE EXCEPTION 'executions of % shares are more than the % of order %', filled, ordered, NEW.client_order_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fills_within_order', TABLE = 'fills';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fills_within_order AFTER INSERT OR UPDATE ON fills
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fills_within_order();

ALTER TABLE positions
  ADD CONSTRAINT positions_amounts CHECK (qty < 'Infinity' AND entered_qty < 'Infinity'
    AND entry_notional >= 0 AND entry_notional < 'Infinity' AND exit_notional >= 0 AND exit_notional < 'Infinity'
    AND (entry_price IS NULL OR (entry_price > 0 AND entry_price < 'Infinity'))
    AND (exit_price IS NULL OR (exit_price > 0 AND exit_price < 'Infinity'))
    AND (initial_stop_price IS NULL OR (initial_stop_price > 0 AND initial_stop_price < 'Infinity'))
    AND (target_price IS NULL OR (target_price > 0 AND target_price < 'Infinity'))
    AND (last_price IS NULL OR (last_price >= 0 AND last_price < 'Infinity'))
    AND unrealized_pnl_usd > '-Infinity' AND unrealized_pnl_usd < 'Infinity'
    AND realized_pnl_usd > '-Infinity' AND realized_pnl_usd < 'Infinity') NOT VALID,
  ADD CONSTRAINT positions_closed_hold_nothing CHECK (status <> 'closed' OR qty = 0) NOT VALID;

ALTER TABLE risk_decisions
  ADD CONSTRAINT risk_decisions_code CHECK ((verdict = 'refused') = (code IS NOT NULL)) NOT VALID;
ALTER TABLE risk_approvals
  ADD CONSTRAINT risk_approvals_amounts CHECK (qty < 'Infinity' AND entry_price > 0 AND entry_price < 'Infinity' AND risk_usd >= 0 AND risk_usd < 'Infinity'
    AND notional_usd > 0 AND notional_usd < 'Infinity' AND expires_at > approved_at) NOT VALID;

ALTER TABLE account_snapshots
  ADD CONSTRAINT account_snapshots_amounts CHECK (equity_usd > '-Infinity' AND equity_usd < 'Infinity' AND last_equity_usd > '-Infinity' AND last_equity_usd < 'Infinity'
    AND cash_usd > '-Infinity' AND cash_usd < 'Infinity' AND buying_power_usd > '-Infinity' AND buying_power_usd < 'Infinity'
    AND (maintenance_margin_usd IS NULL OR (maintenance_margin_usd >= 0 AND maintenance_margin_usd < 'Infinity'))) NOT VALID;
ALTER TABLE account_fees
  ADD CONSTRAINT account_fees_amounts CHECK (amount_usd > '-Infinity' AND amount_usd < 'Infinity') NOT VALID;
ALTER TABLE account_transfers
  ADD CONSTRAINT account_transfers_amounts CHECK (amount_usd > '-Infinity' AND amount_usd < 'Infinity');

ALTER TABLE trading_signals
  ADD CONSTRAINT trading_signals_amounts CHECK (entry_price > 0 AND entry_price < 'Infinity' AND stop_price > 0 AND stop_price < 'Infinity'
    AND target_price > 0 AND target_price < 'Infinity' AND confidence >= 0 AND confidence <= 1) NOT VALID;

ALTER TABLE latest_quotes
  ADD CONSTRAINT latest_quotes_amounts CHECK (bid_price >= 0 AND bid_price < 'Infinity' AND ask_price >= 0 AND ask_price < 'Infinity'
    AND bid_size >= 0 AND bid_size < 'Infinity' AND ask_size >= 0 AND ask_size < 'Infinity') NOT VALID;
ALTER TABLE trading_history
  ADD CONSTRAINT trading_history_amounts CHECK (high < 'Infinity' AND volume < 'Infinity') NOT VALID;
ALTER TABLE pattern_detections
  ADD CONSTRAINT pattern_detections_amounts CHECK (level > '-Infinity' AND level < 'Infinity' AND entry > '-Infinity' AND entry < 'Infinity'
    AND stop > '-Infinity' AND stop < 'Infinity' AND target > '-Infinity' AND target < 'Infinity'
    AND reward_to_risk > '-Infinity' AND reward_to_risk < 'Infinity') NOT VALID;
