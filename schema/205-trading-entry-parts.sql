-- An entry may be several brackets, each with its own target: its approval is used once for each of them.
ALTER TABLE orders ADD COLUMN part smallint NOT NULL DEFAULT 1 CHECK (part BETWEEN 1 AND 4);
ALTER TABLE orders DROP CONSTRAINT orders_approval_id_key;
ALTER TABLE orders ADD CONSTRAINT orders_part_of_approval UNIQUE (approval_id, part);
