import type { Trigger } from '@catalyst/contracts';
import { toTimeId } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import { chooseTrigger } from '../domain/choose-trigger.ts';
import { detectPatterns } from '../domain/detect-patterns.ts';
import { toDetected } from './detect-patterns.ts';
import type { ReadCharts } from './read-charts.ts';

/** Whether the minute that just ended confirmed an entry, symbol by symbol. */
export const createCheckTriggers =
  (clock: Clock, readCharts: ReadCharts) =>
  async (symbols: readonly string[]): Promise<Trigger[]> => {
    const now = clock.now();
    const nowId = toTimeId(now);
    const charts = await readCharts(symbols);
    return [...new Set(symbols)].sort().map((symbol): Trigger => {
      const chart = charts.get(symbol);
      if (!chart)
        return {
          symbol,
          confirmed: false,
          reason: 'no bars are stored',
          bar_missing: true,
          pattern: null,
          close: null,
          volume_ratio: null,
        };
      const { open_time_id, close_time_id } = chart.session;
      const minutes = chart.minute_bars.filter(
        (bar) => bar.time_id >= open_time_id && bar.time_id < close_time_id,
      );
      // the set-up must have been there before the minute that confirms it
      const patterns = detectPatterns({
        ...chart,
        as_of_time_id: minutes.at(-1)?.time_id ?? nowId,
      });
      const choice = chooseTrigger(patterns, minutes, nowId);
      return {
        ...choice,
        symbol,
        pattern: choice.pattern && toDetected(symbol, choice.pattern, now),
      };
    });
  };
