import type { TradingSignal } from '@catalyst/contracts';
import type { DecisionRow } from './store/decision-store.ts';
import type { StandingChange } from './store/owner-store.ts';
import type { StreamState } from './stream/signal-stream.ts';

/** What a client tells while it runs; all of it is in its book too. */
export type ClientEvent =
  | { event: 'stream'; state: StreamState }
  | { event: 'signal'; signal: TradingSignal }
  | { event: 'decision'; signal: TradingSignal; decision: DecisionRow }
  | { event: 'exit'; symbol: string; reason: string }
  /** What became of the own exits after the desk has moved its own. */
  | { event: 'levels'; symbol: string; reason: string }
  | { event: 'stopped'; change: StandingChange }
  | { event: 'fault'; message: string };
