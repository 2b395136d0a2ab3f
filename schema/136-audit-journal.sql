-- A row that was written into a service's journal first, since what it tells of lowers risk and did not wait for the database: stored once.
ALTER TABLE audit_log ADD COLUMN journal_id uuid;
CREATE UNIQUE INDEX audit_log_of_journal ON audit_log (journal_id) WHERE journal_id IS NOT NULL;
