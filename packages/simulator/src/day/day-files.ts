/** The files of a day's folder; `days/README.md` describes each. */
export const DAY_FILES = {
  day: 'day.json',
  securities: 'securities.csv',
  minute_bars: 'bars_1min.csv.gz',
  daily_bars: 'bars_1day.csv.gz',
  volume_profile: 'volume_profile.csv.gz',
  corporate_actions: 'corporate_actions.csv',
  news: 'news.jsonl',
  events: 'events.csv',
  auctions: 'auctions.csv',
  truth: 'truth.json',
} as const;

export const SECURITY_COLUMNS = [
  'symbol',
  'name',
  'exchange',
  'sector',
  'tradable',
  'shortable',
  'easy_to_borrow',
  'marginable',
  'fractionable',
] as const;
export const MINUTE_BAR_COLUMNS = [
  'symbol',
  'minute',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'trade_count',
  'vwap',
] as const;
export const DAILY_BAR_COLUMNS = [
  'symbol',
  'date',
  'open',
  'high',
  'low',
  'close',
  'volume',
] as const;
export const VOLUME_PROFILE_COLUMNS = ['symbol', 'from_minute', 'mean_volumes'] as const;
export const CORPORATE_ACTION_COLUMNS = [
  'symbol',
  'type',
  'ex_date',
  'new_rate',
  'old_rate',
  'cash',
] as const;
export const EVENT_COLUMNS = ['symbol', 'kind', 'from_minute', 'to_minute'] as const;
export const AUCTION_COLUMNS = ['symbol', 'kind', 'size'] as const;

/** Minutes of a day; a minute since midnight is below it. */
export const MINUTES_PER_DAY = 1440;
