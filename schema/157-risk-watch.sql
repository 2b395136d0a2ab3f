-- What the account was at each of the last reads: a limit that sells acts on three that agree, and a drawdown is from the day's highest.
CREATE VIEW v_account_reads AS
SELECT read_at, equity_usd, last_equity_usd FROM account_snapshots;
