-- The trading state as trading reads it where it intends an entry, and again before it sends one.
CREATE VIEW v_trading_state_changes AS
SELECT seq, state, act, reason, changed_by, on_behalf_of, changed_at FROM trading_state_changes;

-- A halt file that trading has seen: it stops entries until a person resumes, also where the file is
-- gone before anyone else saw it.
CREATE TABLE halt_file_sightings (
  seen_at   timestamptz PRIMARY KEY,
  reason    text NOT NULL
);
