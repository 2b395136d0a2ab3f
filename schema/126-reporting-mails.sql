-- What is to leave the machine: a mail, or the call of the webhook that goes with it. Written before anything is sent and marked after the other
-- side took it, so that a crash between the two sends it once more with the same Message-ID or id.
CREATE TABLE mail_outbox (
  mail_id         uuid PRIMARY KEY,
  door            text NOT NULL CHECK (door IN ('mail', 'webhook')),
  kind            text NOT NULL CHECK (kind IN ('alerts', 'report')),
  severity        text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  message_id      text NOT NULL,
  recipient       text,
  subject         text NOT NULL,
  plain_text      text NOT NULL,
  body            jsonb,
  report_id       uuid REFERENCES reports,
  written_at      timestamptz NOT NULL,
  status          text NOT NULL CHECK (status IN ('pending', 'sent', 'failed')),
  attempts        integer NOT NULL DEFAULT 0,
  error           text,
  sent_at         timestamptz,
  CHECK ((status = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX mail_outbox_waiting ON mail_outbox (written_at) WHERE status <> 'sent';

-- Which alerts a mail told, and how often each had come by then.
CREATE TABLE alert_mails (
  alert_id        uuid NOT NULL REFERENCES alerts,
  mail_id         uuid NOT NULL REFERENCES mail_outbox,
  severity        text NOT NULL,
  count           integer NOT NULL,
  told_at         timestamptz NOT NULL,
  PRIMARY KEY (alert_id, mail_id)
);

CREATE VIEW v_alerts AS
SELECT a.*, (SELECT min(m.sent_at) FROM alert_mails t JOIN mail_outbox m USING (mail_id) WHERE t.alert_id = a.alert_id) AS sent_at
FROM alerts a;
