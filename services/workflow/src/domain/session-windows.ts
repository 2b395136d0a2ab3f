import {
  fromTimeId,
  toTimeId,
  type Instant,
  type TimeId,
  type TradingHours,
} from '@catalyst/domain';
import { z } from 'zod';

/** How eagerly the market is scanned again. */
export const scanModes = ['aggressive', 'normal', 'conservative'] as const;
export type ScanMode = (typeof scanModes)[number];

export const windowNames = [
  'pre_market',
  'opening_range',
  'morning',
  'midday',
  'afternoon',
  'close',
] as const;
export type WindowName = (typeof windowNames)[number];

const rhythm = z.int().min(60).multipleOf(60, 'expected whole minutes, such as 300');
const sessionWindow = z.strictObject({
  /** Minutes from a bell: "open", "open+15", "close-60". */
  from: z
    .string()
    .regex(
      /^(open|close)([+-]\d{1,3})?$/,
      'expected minutes from a bell, such as open+15 or close-60',
    ),
  mode: z.enum(scanModes),
  /** Positions that may be held, entries on their way included. */
  max_positions: z.int().min(0).max(20),
  /** Share of equity that one entry may lose at its stop. */
  risk_per_trade_ratio: z.number().gt(0).lte(0.05),
});

/** The content of config/sessions.yaml. */
export const sessionsConfig = z.strictObject({
  rescan_seconds: z.strictObject({ aggressive: rhythm, normal: rhythm, conservative: rhythm }),
  windows: z.strictObject({
    pre_market: sessionWindow,
    opening_range: sessionWindow,
    morning: sessionWindow,
    midday: sessionWindow,
    afternoon: sessionWindow,
    close: sessionWindow,
  }),
});
export type SessionsConfig = z.infer<typeof sessionsConfig>;

/** One window of one trading day; `until` is its first minute that is not. */
export interface SessionWindow {
  name: WindowName;
  from: TimeId;
  until: TimeId;
  mode: ScanMode;
  max_positions: number;
  risk_per_trade_ratio: number;
}

const startOf = (from: string, hours: TradingHours): TimeId => {
  const [, bell, minutes] = /^(open|close)([+-]\d+)?$/.exec(from)!;
  return (bell === 'open' ? hours.open_time_id : hours.close_time_id) + Number(minutes ?? 0);
};

/**
 * The windows of a day in their order; one that a later window overtakes is left out, as midday may
 * be on a half day.
 */
export const sessionWindows = (config: SessionsConfig, hours: TradingHours): SessionWindow[] => {
  const starts = windowNames.map((name) => startOf(config.windows[name].from, hours));
  return windowNames.flatMap((name, index) => {
    const from = starts[index]!;
    const until = Math.min(hours.close_time_id, ...starts.slice(index + 1));
    const { mode, max_positions, risk_per_trade_ratio } = config.windows[name];
    return from < until ? [{ name, from, until, mode, max_positions, risk_per_trade_ratio }] : [];
  });
};

/** The window that an instant falls into; null outside of the day's windows. */
export const windowAt = (windows: readonly SessionWindow[], at: Instant): SessionWindow | null => {
  const minute = toTimeId(at);
  return windows.find(({ from, until }) => minute >= from && minute < until) ?? null;
};

/**
 * When the market is scanned again between two minutes (the second not included): by each window's
 * rhythm, and at its first minute.
 */
export const rescanTimes = (
  config: SessionsConfig,
  windows: readonly SessionWindow[],
  from: TimeId,
  until: TimeId,
): Instant[] => {
  const times: Instant[] = [];
  for (let minute = from; minute < until;) {
    times.push(fromTimeId(minute));
    const window = windows.find(
      (candidate) => minute >= candidate.from && minute < candidate.until,
    );
    const next = minute + config.rescan_seconds[window?.mode ?? 'normal'] / 60;
    minute = Math.min(next, window && window.until > minute ? window.until : next);
  }
  return times;
};
