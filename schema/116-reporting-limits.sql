-- Limits that were not checked in full on a day: risk tells each once.
CREATE VIEW v_report_limits_in_part AS
SELECT cycle_id, at, message FROM risk_events WHERE code = 'LIMIT_IN_PART';
