-- An order that someone else placed may be of a type that the desk has no word for; it is kept all the same.
ALTER TABLE orders DROP CONSTRAINT orders_type_check;
ALTER TABLE orders ADD CONSTRAINT orders_type_check
  CHECK (type IN ('market', 'limit', 'stop', 'stop_limit', 'trailing_stop', 'unknown'));
