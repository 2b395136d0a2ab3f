-- What happened to orders and positions is kept for good; their rows are what it amounts to, and can be made again from it (`catalyst rebuild --check`).

-- The order as it was from the event on: the whole row with its first event, what changed with each later one. Null where an event changes nothing, and
-- where it is from before this file.
ALTER TABLE order_events ADD COLUMN order_state jsonb;

-- What was asked of a position, and how it began; what the broker did to it is in the events and executions of its orders.
CREATE TABLE position_events (
  seq           bigint PRIMARY KEY,
  position_id   uuid NOT NULL REFERENCES positions,
  event         text NOT NULL CHECK (event IN ('opened', 'exit_asked', 'exit_withdrawn')),
  details       jsonb NOT NULL,
  occurred_at   timestamptz NOT NULL
);
CREATE INDEX position_events_by_position ON position_events (position_id, seq);

-- Why its exit was asked for; it stands until it is withdrawn, however late an execution comes.
ALTER TABLE positions ADD COLUMN exit_asked text
  CHECK (exit_asked IN ('target', 'stop', 'end_of_day', 'manual', 'risk_flatten', 'unprotected', 'external'));
UPDATE positions SET exit_asked = exit_reason WHERE status = 'closing';

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: its rows are neither changed nor deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER order_events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON order_events EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER position_events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON position_events EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER fills_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON fills EXECUTE FUNCTION refuse_rewriting();
