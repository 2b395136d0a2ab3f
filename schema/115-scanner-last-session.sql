-- A scan of the last session, made while the exchange is closed: it belongs to no cycle, so that nothing of it can be proposed or entered, and it names
-- the session that it is of.
ALTER TABLE scans ALTER COLUMN cycle_id DROP NOT NULL;
ALTER TABLE scans ADD COLUMN session_date date;
ALTER TABLE scans DROP CONSTRAINT scans_phase_check;
ALTER TABLE scans ADD CONSTRAINT scans_phase_check CHECK (phase IN ('pre_market', 'intraday', 'last_session'));
ALTER TABLE scans ADD CONSTRAINT scans_belong CHECK (
  CASE WHEN phase = 'last_session' THEN cycle_id IS NULL AND session_date IS NOT NULL ELSE cycle_id IS NOT NULL AND session_date IS NULL END
);
CREATE INDEX scans_of_last_session ON scans (session_date, completed_at) WHERE session_date IS NOT NULL;
