import type { TradingSignal } from '@catalyst/contracts';
import type { ClientEvent } from '../client-event.ts';
import { clockOf, plain } from './wording.ts';

const describeSignal = (signal: TradingSignal): string => {
  switch (signal.kind) {
    case 'signal':
      return `signal ${signal.seq}: ${signal.side} ${signal.symbol} at ${signal.entry_price}, stop ${signal.stop_price}, target ${signal.target_price}, until ${clockOf(signal.valid_until)}: ${plain(signal.reason)}`;
    case 'entered':
      return `signal ${signal.seq}: the desk has entered ${signal.symbol} at ${signal.entered.price}`;
    case 'levels':
      return `signal ${signal.seq}: the desk has moved its exits of ${signal.symbol}: stop ${signal.levels.stop_price ?? 'none'}, target ${signal.levels.target_price ?? 'none'}`;
    case 'cancelled':
      return `signal ${signal.seq}: the desk has taken back ${signal.symbol}: ${plain(signal.cancelled.reason)}`;
    case 'closed':
      return `signal ${signal.seq}: the desk has closed ${signal.symbol}: ${plain(signal.closed.reason)}`;
    case 'desk_halted':
      return `signal ${signal.seq}: the desk has halted: ${plain(signal.halted.reason)}`;
    case 'desk_resumed':
      return `signal ${signal.seq}: the desk goes on: ${plain(signal.resumed.reason)}`;
  }
};

/** One line of a log for each thing that happens. */
export const describeEvent = (event: ClientEvent): string => {
  switch (event.event) {
    case 'stream':
      return `desk: ${event.state.state}${event.state.reason === null ? '' : `: ${plain(event.state.reason)}`}`;
    case 'signal':
      return describeSignal(event.signal);
    case 'decision': {
      const { decision, code, reason, plan } = event.decision;
      const symbol = 'symbol' in event.signal ? event.signal.symbol : '';
      if (decision === 'enter') return `${symbol}: entering ${reason}`;
      const would =
        code === 'dry_run' && plan ? `; would buy ${plan.qty} at ${plan.limit_price}` : '';
      return `${symbol}: not entered: ${code}: ${plain(reason)}${would}`;
    }
    case 'exit':
      return `${event.symbol}: selling: ${plain(event.reason)}`;
    case 'levels':
      return `${event.symbol}: ${plain(event.reason)}`;
    case 'stopped':
      return `STOPPED: ${event.change.reason}`;
    case 'fault':
      return `FAULT: ${plain(event.message)}`;
  }
};
