-- Which process does the work of a service that must be alone: each new one is a new epoch, which
-- whoever intends something compares with its own. A holder beats; one that does not has stopped.
CREATE TABLE desk_holders (
  service   text PRIMARY KEY,
  epoch     bigint NOT NULL,
  beats     bigint NOT NULL,
  pid       integer NOT NULL
);
