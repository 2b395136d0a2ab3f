-- Bars, quotes, indicators and patterns. Prices are raw (not adjusted); adjustment reads corporate_actions as of a date.

CREATE TABLE trading_history (
  security_id   integer NOT NULL REFERENCES securities,
  time_id       integer NOT NULL REFERENCES time_dimension,
  timeframe     text NOT NULL CHECK (timeframe IN ('1min', '5min', '15min', '1hour', '1day')),
  feed          text NOT NULL,
  open          numeric NOT NULL,
  high          numeric NOT NULL,
  low           numeric NOT NULL,
  close         numeric NOT NULL,
  volume        numeric NOT NULL,
  PRIMARY KEY (security_id, timeframe, time_id, feed),
  CHECK (low > 0 AND low <= open AND low <= close AND high >= open AND high >= close AND volume >= 0)
) PARTITION BY RANGE (time_id);

CREATE TABLE refused_bars (
  security_id   integer NOT NULL REFERENCES securities,
  time_id       integer NOT NULL,
  timeframe     text NOT NULL,
  feed          text NOT NULL,
  reason        text NOT NULL,
  refused_at    timestamptz NOT NULL,
  PRIMARY KEY (security_id, timeframe, time_id, feed)
);

CREATE TABLE technical_indicators (
  security_id     integer NOT NULL REFERENCES securities,
  time_id         integer NOT NULL REFERENCES time_dimension,
  timeframe       text NOT NULL,
  sma_20 float8, sma_50 float8, sma_200 float8, ema_9 float8, ema_21 float8, rsi_14 float8,
  macd float8, macd_signal float8, macd_histogram float8, atr_14 float8,
  bollinger_upper float8, bollinger_middle float8, bollinger_lower float8, obv float8, volume_ratio float8,
  relative_volume float8,
  computed_at     timestamptz NOT NULL,
  PRIMARY KEY (security_id, timeframe, time_id)
) PARTITION BY RANGE (time_id);

-- Mean shares per five minutes of the day over the sessions before trade_date; bucket 0 starts at midnight New York.
CREATE TABLE volume_profiles (
  security_id   integer NOT NULL REFERENCES securities,
  trade_date    date NOT NULL,
  feed          text NOT NULL,
  sessions      smallint NOT NULL CHECK (sessions > 0),
  mean_volumes  float8[] NOT NULL CHECK (cardinality(mean_volumes) = 288),
  PRIMARY KEY (security_id, trade_date, feed)
);

CREATE TABLE latest_quotes (
  security_id   integer PRIMARY KEY REFERENCES securities,
  bid_price     numeric NOT NULL,
  ask_price     numeric NOT NULL,
  bid_size      numeric NOT NULL,
  ask_size      numeric NOT NULL,
  quoted_at     timestamptz NOT NULL,
  read_at       timestamptz NOT NULL
);

CREATE TABLE pattern_detections (
  pattern_id      uuid PRIMARY KEY,
  security_id     integer NOT NULL REFERENCES securities,
  time_id         integer NOT NULL,
  timeframe       text NOT NULL,
  pattern         text NOT NULL,
  confidence      float8 NOT NULL CHECK (confidence >= 0 AND confidence <= 1),
  level           float8 NOT NULL,
  entry           float8 NOT NULL,
  stop            float8 NOT NULL,
  target          float8 NOT NULL,
  reward_to_risk  float8 NOT NULL,
  evidence        jsonb NOT NULL DEFAULT '{}',
  phase           text NOT NULL CHECK (phase IN ('pre_market', 'intraday')),
  detected_at     timestamptz NOT NULL
);
CREATE INDEX pattern_detections_by_security ON pattern_detections (security_id, detected_at);
