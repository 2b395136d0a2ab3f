CREATE TABLE reports (
  report_id     uuid PRIMARY KEY,
  cycle_id      uuid NOT NULL REFERENCES trading_cycles,
  kind          text NOT NULL CHECK (kind IN ('daily', 'weekly', 'monthly')),
  trade_date    date NOT NULL,
  report        jsonb NOT NULL,
  html          text NOT NULL,
  plain_text    text NOT NULL,
  equity_curve  bytea NOT NULL,
  created_at    timestamptz NOT NULL,
  UNIQUE (kind, trade_date)
);

-- One row per mail to be sent; a failed one is tried again and shown.
CREATE TABLE report_mails (
  report_id     uuid PRIMARY KEY REFERENCES reports,
  recipient     text,
  status        text NOT NULL CHECK (status IN ('pending', 'sent', 'failed', 'not_configured')),
  attempts      integer NOT NULL DEFAULT 0,
  message_id    text,
  error         text,
  updated_at    timestamptz NOT NULL
);
