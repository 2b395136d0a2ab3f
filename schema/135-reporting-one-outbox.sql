-- The report's mail leaves through the outbox that alerts leave through. A corrected report is another mail: the report names its own.
INSERT INTO mail_outbox (mail_id, door, kind, severity, message_id, recipient, subject, plain_text, report_id, written_at, status, attempts, error,
  sent_at)
SELECT split_part(m.message_id, '@', 1)::uuid, 'mail', 'report', 'info', m.message_id, m.recipient, r.report->>'subject', r.plain_text, m.report_id,
  r.created_at, m.status, m.attempts, m.error, CASE WHEN m.status = 'sent' THEN m.updated_at END
FROM report_mails m JOIN reports r USING (report_id)
WHERE m.status <> 'not_configured';
DROP TABLE report_mails;
ALTER TABLE mail_outbox ADD CONSTRAINT mail_outbox_of_reports CHECK ((kind = 'report') = (report_id IS NOT NULL));
ALTER TABLE reports ADD COLUMN mail_id uuid REFERENCES mail_outbox;
UPDATE reports r SET mail_id = m.mail_id FROM mail_outbox m WHERE m.report_id = r.report_id;
