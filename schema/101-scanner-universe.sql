-- The universe that a scan selected: members, refused, the symbols that had news, the limit. Null where the scan went by an earlier one of its cycle.
ALTER TABLE scans ADD COLUMN universe jsonb;
CREATE INDEX scans_with_universe ON scans (cycle_id, completed_at) WHERE universe IS NOT NULL;
