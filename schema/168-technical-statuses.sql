-- Halts as the exchange's own status stream tells them.

-- The last that was told of a stock, on the desk's clock.
CREATE TABLE trading_statuses (
  security_id   integer PRIMARY KEY REFERENCES securities,
  is_halted     boolean NOT NULL,
  reason        text NOT NULL,
  told_at       timestamptz NOT NULL
);
-- Since when the stream is listened to, and when that was last so: what was told before is old.
CREATE TABLE status_listening (
  is_only       boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  since         timestamptz NOT NULL,
  heard_at      timestamptz NOT NULL
);
CREATE VIEW v_trading_statuses AS
SELECT t.security_id, t.is_halted, t.reason, t.told_at FROM trading_statuses t;
CREATE VIEW v_status_listening AS
SELECT since, heard_at FROM status_listening;
