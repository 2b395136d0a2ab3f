CREATE VIEW v_market_calendar AS
SELECT trade_date, to_char(open_time, 'HH24:MI') AS open, to_char(close_time, 'HH24:MI') AS close FROM market_calendar;
