-- What reporting reads of its neighbours' tables beyond 007: the day's cycle, account, scans, failures and limits. Dates are New York's.

CREATE VIEW v_report_cycles AS
SELECT cycle_id, trade_date, state, session_mode, universe_size, open_at, close_at, is_half_day FROM trading_cycles;

CREATE VIEW v_report_account_snapshots AS
SELECT read_at, (read_at AT TIME ZONE 'America/New_York')::date AS trade_date, equity_usd, last_equity_usd FROM account_snapshots;

-- A closed trade belongs to the day on which it ended, whichever day it began.
CREATE VIEW v_report_trades AS
SELECT DISTINCT ON (position_id) position_id, cycle_id, (exited_at AT TIME ZONE 'America/New_York')::date AS trade_date, symbol, direction, qty, entered_at, entry_price,
  exited_at, exit_price, coalesce(exit_reason, 'external') AS exit_reason, initial_stop_price, realized_pnl_usd, decision_reason, pattern, catalyst_type, headline, sentiment
FROM v_trade_chain
WHERE status = 'closed' AND qty > 0 AND entered_at IS NOT NULL AND exited_at IS NOT NULL AND entry_price IS NOT NULL AND exit_price IS NOT NULL
ORDER BY position_id, catalyst_strength DESC NULLS LAST, decision_id;

CREATE VIEW v_report_scans AS
SELECT scan_id, cycle_id, phase, status, counts, error, started_at, completed_at FROM scans;

CREATE VIEW v_report_reconciliations AS
SELECT reconciliation_id, cycle_id, reconciled, result, checked_at FROM reconciliations;

-- What went wrong on a day, each with its time and one line of words.
CREATE VIEW v_report_errors AS
SELECT cycle_id, at, 'risk' AS kind, code AS subject, message AS words FROM risk_events WHERE severity = 'critical'
UNION ALL
SELECT cycle_id, coalesce(ended_at, started_at), 'job', job, coalesce(note, 'no reason was kept') FROM job_runs WHERE state = 'failed'
UNION ALL
SELECT cycle_id, coalesce(completed_at, started_at), 'scan', phase, coalesce(error, 'no reason was kept') FROM scans WHERE status = 'failed'
UNION ALL
SELECT o.cycle_id, o.updated_at, 'order', o.side || ' ' || trim_scale(o.qty) || ' ' || s.symbol, coalesce(o.reason, o.status)
FROM orders o JOIN securities s USING (security_id) WHERE o.status IN ('rejected', 'refused');

CREATE VIEW v_report_risk_limits AS
SELECT version, (parameters ->> 'daily_loss_limit_usd')::numeric AS daily_loss_limit_usd FROM risk_parameters ORDER BY version DESC LIMIT 1;

CREATE VIEW v_report_calendar AS
SELECT trade_date, to_char(open_time, 'HH24:MI') AS open, to_char(close_time, 'HH24:MI') AS close FROM market_calendar;

CREATE VIEW v_report_securities AS
SELECT count(*) AS securities FROM securities WHERE is_tradable OR exchange <> '';
