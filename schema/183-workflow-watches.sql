-- What somebody wants to be told of; looked at each minute of a session, told once, and it never trades.
CREATE TABLE watches (
  watch_id     uuid PRIMARY KEY,
  asked_by     text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('price', 'day_pnl')),
  security_id  integer REFERENCES securities,
  direction    text NOT NULL CHECK (direction IN ('at_or_above', 'at_or_below')),
  level        numeric NOT NULL,
  note         text NOT NULL,
  by_mail      boolean NOT NULL,
  state        text NOT NULL CHECK (state IN ('waiting', 'met', 'expired', 'removed')),
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  met_at       timestamptz,
  met_value    numeric,
  CHECK ((kind = 'price') = (security_id IS NOT NULL)),
  CHECK ((state = 'met') = (met_at IS NOT NULL AND met_value IS NOT NULL))
);
CREATE INDEX watches_waiting ON watches (expires_at) WHERE state = 'waiting';
