-- Who acts is the key that was shown; the name that its holder gave stands beside it.
ALTER TABLE audit_log ADD COLUMN on_behalf_of text;

-- Which act made a state: arming happens once, and only a resume lifts what a person or a limit set.
ALTER TABLE trading_state_changes
  ADD COLUMN act text CHECK (act IN ('arm', 'pause', 'halt', 'flatten', 'resume')),
  ADD COLUMN on_behalf_of text;
UPDATE trading_state_changes SET act = CASE state
  WHEN 'active' THEN 'arm' WHEN 'reducing' THEN 'pause' WHEN 'halted' THEN 'halt' ELSE 'flatten' END;
ALTER TABLE trading_state_changes ALTER COLUMN act SET NOT NULL;
