-- When a position's last price was made: the latest trade or quote of its stock.
ALTER TABLE positions ADD COLUMN last_price_at timestamptz;

DROP VIEW v_positions;
CREATE VIEW v_positions AS
SELECT p.*, s.symbol, x.name AS sector
FROM positions p JOIN securities s USING (security_id) LEFT JOIN sectors x USING (sector_id);
