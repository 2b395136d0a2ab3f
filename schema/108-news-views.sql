-- What news reads of its neighbours' tables: the closing bells, from which a first collection starts.

CREATE VIEW v_news_sessions AS
SELECT trade_date, (trade_date + close_time) AT TIME ZONE 'America/New_York' AS close_at FROM market_calendar;
