-- Fees that the broker charged, as its activities tell them: each once, by the broker's id, on the date of the trades that they are for.
CREATE TABLE account_fees (
  activity_id   text PRIMARY KEY,
  trade_date    date NOT NULL,
  kind          text NOT NULL,
  -- Dollars charged; negative for what was given back.
  amount_usd    numeric NOT NULL,
  is_canceled   boolean NOT NULL,
  read_at       timestamptz NOT NULL
);
CREATE INDEX account_fees_by_date ON account_fees (trade_date);

CREATE VIEW v_report_fees AS
SELECT trade_date, kind, amount_usd FROM account_fees WHERE NOT is_canceled;

-- What regulators charge for: executions that sold. Dates are New York's.
CREATE VIEW v_report_sales AS
SELECT (f.filled_at AT TIME ZONE 'America/New_York')::date AS trade_date, f.qty, f.price
FROM fills f JOIN orders o USING (client_order_id) WHERE o.side = 'sell';
