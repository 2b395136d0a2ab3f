-- A limit that somebody else than the operator wants to be looser: it waits for the operator's yes.
CREATE TABLE limit_proposals (
  proposal_id   uuid PRIMARY KEY,
  name          text NOT NULL,
  old_value     jsonb NOT NULL,
  new_value     jsonb NOT NULL,
  reason        text NOT NULL,
  asked_by      text NOT NULL,
  state         text NOT NULL CHECK (state IN ('waiting', 'confirmed', 'rejected')),
  decided_by    text,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL
);
CREATE INDEX limit_proposals_waiting ON limit_proposals (expires_at) WHERE state = 'waiting';
