-- A vendor corrects a finished bar when a trade of its minute is reported late.

-- When the bar was last replaced by other values; null for one that stands as it first came.
ALTER TABLE trading_history ADD COLUMN revised_at timestamptz;

-- Few bars are revised; who keeps bars asks often whether one was.
CREATE INDEX trading_history_revised ON trading_history (security_id, timeframe, feed, time_id)
  INCLUDE (revised_at) WHERE revised_at IS NOT NULL;

CREATE OR REPLACE VIEW v_bars AS
SELECT h.security_id, s.symbol, h.timeframe, h.feed, h.time_id, h.open::float8 AS open, h.high::float8 AS high, h.low::float8 AS low, h.close::float8 AS close, h.volume::float8 AS volume, h.revised_at
FROM trading_history h JOIN securities s USING (security_id);
