-- What a person should know: one row for each source and key until somebody has acknowledged it, however often it comes.
CREATE TABLE alerts (
  alert_id        uuid PRIMARY KEY,
  source          text NOT NULL,
  key             text NOT NULL,
  cycle_id        uuid REFERENCES trading_cycles,
  severity        text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  code            text NOT NULL,
  message         text NOT NULL,
  details         jsonb NOT NULL DEFAULT '{}',
  first_at        timestamptz NOT NULL,
  last_at         timestamptz NOT NULL,
  count           integer NOT NULL CHECK (count >= 1),
  acknowledged_at timestamptz,
  acknowledged_by text,
  CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
CREATE UNIQUE INDEX alerts_one_waiting ON alerts (source, key, cycle_id) NULLS NOT DISTINCT WHERE acknowledged_at IS NULL;
CREATE INDEX alerts_latest ON alerts (last_at);
