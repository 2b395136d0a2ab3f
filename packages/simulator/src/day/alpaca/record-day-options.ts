import type { PacingClock } from './alpaca-client.ts';

export const recordingFeeds = ['iex', 'sip'] as const;
export type RecordingFeed = (typeof recordingFeeds)[number];

export interface RecordingProgress {
  /** How much of the recording is there, 0 to 1; an estimate. */
  done_ratio: number;
  text: string;
}

export interface RecordDayOptions {
  trade_date: string;
  symbols: readonly string[];
  feed: RecordingFeed;
  key: string;
  secret: string;
  /** Alpaca's addresses, or those of whatever speaks its protocol. */
  trading_url: string;
  data_url: string;
  /**
   * Where answers are kept, in a folder for each recording; a second attempt continues there. Keys
   * are never written.
   */
  cache_dir: string;
  /** Where the day is written; absent or an empty folder. */
  out_dir: string;
  on_progress?: (progress: RecordingProgress) => void;
  clock?: PacingClock;
}

export const originsOf = (options: RecordDayOptions): [trading: string, data: string] => [
  options.trading_url.replace(/\/+$/, ''),
  options.data_url.replace(/\/+$/, ''),
];
