-- What everything else refers to: sectors, securities, minutes, the exchange's calendar; and the rows that belong to the house itself.

CREATE TABLE desk (
  only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  mode          text NOT NULL CHECK (mode IN ('replay', 'paper', 'live')),
  account       text NOT NULL,
  run_id        text NOT NULL,
  created_at    timestamptz NOT NULL
);

CREATE TABLE sectors (
  sector_id     smallint PRIMARY KEY,
  name          text NOT NULL UNIQUE
);
INSERT INTO sectors (sector_id, name) VALUES
  (10, 'Energy'), (15, 'Materials'), (20, 'Industrials'), (25, 'Consumer Discretionary'), (30, 'Consumer Staples'), (35, 'Health Care'),
  (40, 'Financials'), (45, 'Information Technology'), (50, 'Communication Services'), (55, 'Utilities'), (60, 'Real Estate');

CREATE TABLE securities (
  security_id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol        text NOT NULL UNIQUE CHECK (symbol ~ '^[A-Z]{1,5}(\.[A-Z]{1,2})?$'),
  name          text NOT NULL DEFAULT '',
  sector_id     smallint REFERENCES sectors,
  exchange      text NOT NULL DEFAULT '',
  is_tradable   boolean NOT NULL DEFAULT false,
  is_shortable  boolean NOT NULL DEFAULT false,
  updated_at    timestamptz
);

CREATE TABLE market_calendar (
  trade_date    date PRIMARY KEY,
  open_time     time NOT NULL,
  close_time    time NOT NULL,
  CHECK (open_time < close_time)
);

-- One row per minute; time_id is the epoch minute, so it is computed and never looked up.
CREATE TABLE time_dimension (
  time_id       integer PRIMARY KEY,
  starts_at     timestamptz NOT NULL,
  trade_date    date NOT NULL,
  new_york_time time NOT NULL,
  session       text NOT NULL CHECK (session IN ('pre_market', 'regular', 'after_hours', 'closed'))
);

CREATE TABLE corporate_actions (
  security_id   integer NOT NULL REFERENCES securities,
  ex_date       date NOT NULL,
  action_type   text NOT NULL CHECK (action_type IN ('forward_split', 'reverse_split', 'cash_dividend')),
  new_rate      numeric,
  old_rate      numeric,
  cash_usd      numeric,
  first_seen_at timestamptz NOT NULL,
  PRIMARY KEY (security_id, ex_date, action_type),
  CHECK (action_type = 'cash_dividend' OR (new_rate > 0 AND old_rate > 0))
);

-- The last number of each gapless stream; an identity column would leave gaps after a rollback.
CREATE TABLE stream_heads (
  stream        text PRIMARY KEY,
  last_seq      bigint NOT NULL CHECK (last_seq >= 0)
);

CREATE FUNCTION next_seq(wanted text, how_many integer DEFAULT 1) RETURNS bigint LANGUAGE sql AS $$
  INSERT INTO stream_heads AS heads (stream, last_seq) VALUES (wanted, how_many)
  ON CONFLICT (stream) DO UPDATE SET last_seq = heads.last_seq + how_many
  RETURNING last_seq
$$;

CREATE TABLE outbox (
  service       text NOT NULL,
  seq           bigint NOT NULL,
  event_id      uuid NOT NULL UNIQUE,
  channel       text NOT NULL,
  envelope      jsonb NOT NULL,
  created_at    timestamptz NOT NULL,
  published_at  timestamptz,
  PRIMARY KEY (service, seq)
);
CREATE INDEX outbox_waiting ON outbox (service, seq) WHERE published_at IS NULL;

CREATE TABLE audit_log (
  service       text NOT NULL,
  seq           bigint NOT NULL,
  at            timestamptz NOT NULL,
  actor         text NOT NULL,
  action        text NOT NULL,
  subject       text NOT NULL,
  details       jsonb NOT NULL DEFAULT '{}',
  request_id    text NOT NULL,
  PRIMARY KEY (service, seq)
);

CREATE TABLE service_health (
  service       text PRIMARY KEY,
  status        text NOT NULL CHECK (status IN ('healthy', 'degraded', 'unhealthy')),
  details       jsonb NOT NULL DEFAULT '{}',
  checked_at    timestamptz NOT NULL
);

CREATE TABLE feature_flags (
  flag          text PRIMARY KEY,
  is_enabled    boolean NOT NULL,
  percentage    smallint NOT NULL DEFAULT 100 CHECK (percentage >= 0 AND percentage <= 100),
  allow_list    text[] NOT NULL DEFAULT '{}',
  updated_at    timestamptz NOT NULL
);

-- Set-based get-or-create: one call for any number of symbols, answers in the order of their ids.
CREATE FUNCTION get_or_create_securities(wanted text[]) RETURNS TABLE (security_id integer, symbol text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO securities (symbol)
  SELECT DISTINCT w.symbol FROM unnest(wanted) AS w(symbol)
  WHERE NOT EXISTS (SELECT 1 FROM securities s WHERE s.symbol = w.symbol)
  ORDER BY 1
  ON CONFLICT (symbol) DO NOTHING;
  RETURN QUERY SELECT s.security_id, s.symbol FROM securities s WHERE s.symbol = ANY (wanted) ORDER BY s.symbol;
END $$;

CREATE FUNCTION get_or_create_security(wanted text) RETURNS integer LANGUAGE sql AS $$
  SELECT security_id FROM get_or_create_securities(ARRAY[wanted])
$$;

-- Yearly partitions of the fact tables, by epoch minute; made when the first minute of a year is.
CREATE FUNCTION ensure_partitions(wanted_year integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  first_id integer := extract(epoch FROM make_timestamptz(wanted_year, 1, 1, 0, 0, 0, 'UTC')) / 60;
  end_id integer := extract(epoch FROM make_timestamptz(wanted_year + 1, 1, 1, 0, 0, 0, 'UTC')) / 60;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_partitions'));
  FOREACH parent IN ARRAY ARRAY['trading_history', 'technical_indicators', 'news_sentiment'] LOOP
    IF to_regclass(format('%I', parent || '_' || wanted_year)) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%s) TO (%s)', parent || '_' || wanted_year, parent, first_id, end_id);
    END IF;
  END LOOP;
END $$;

-- Session by New York's clock and the exchange's calendar; a date that the calendar does not have is closed.
CREATE FUNCTION get_or_create_times(wanted integer[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  wanted_year integer;
BEGIN
  FOR wanted_year IN
    SELECT DISTINCT extract(year FROM to_timestamp(w.time_id::bigint * 60) AT TIME ZONE 'UTC')::integer FROM unnest(wanted) AS w(time_id) ORDER BY 1
  LOOP
    IF to_regclass(format('%I', 'trading_history_' || wanted_year)) IS NULL THEN
      PERFORM ensure_partitions(wanted_year);
    END IF;
  END LOOP;
  INSERT INTO time_dimension (time_id, starts_at, trade_date, new_york_time, session)
  SELECT n.time_id, n.starts_at, n.local_time::date, n.local_time::time,
    CASE
      WHEN c.trade_date IS NULL OR n.local_time::time < '04:00' THEN 'closed'
      WHEN n.local_time::time < c.open_time THEN 'pre_market'
      WHEN n.local_time::time < c.close_time THEN 'regular'
      WHEN n.local_time::time < CASE WHEN c.close_time < '16:00' THEN time '17:00' ELSE time '20:00' END THEN 'after_hours'
      ELSE 'closed'
    END
  FROM (
    SELECT DISTINCT w.time_id, to_timestamp(w.time_id::bigint * 60) AS starts_at, to_timestamp(w.time_id::bigint * 60) AT TIME ZONE 'America/New_York' AS local_time
    FROM unnest(wanted) AS w(time_id)
    WHERE NOT EXISTS (SELECT 1 FROM time_dimension t WHERE t.time_id = w.time_id)
  ) AS n
  LEFT JOIN market_calendar c ON c.trade_date = n.local_time::date
  ORDER BY n.time_id
  ON CONFLICT (time_id) DO NOTHING;
END $$;
