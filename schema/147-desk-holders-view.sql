-- The epoch that counts, for the statements that read it beside what they read anyway.
CREATE VIEW v_desk_holders AS SELECT service, epoch FROM desk_holders;
