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
/** No desk holds more, whatever a file says (risk's own ceiling). */
const MOST_POSITIONS = 10;
const sessionWindow = z.strictObject({
  /** Minutes from a bell: "open", "open+15", "close-60". */
  from: z
    .string()
    .regex(
      /^(open|close)([+-]\d{1,3})?$/,
      'expected minutes from a bell, such as open+15 or close-60',
    ),
  /** Without one the market is not scanned again while the window lasts. */
  mode: z.enum(scanModes).optional(),
});
/** A window in which trades are entered. */
const entryWindow = sessionWindow.extend({
  /** Positions that may be held, entries on their way included. */
  max_positions: z.int().min(0).max(MOST_POSITIONS),
  /** Share of the risk per trade that risk's parameters allow. */
  risk_share: z.number().gt(0).lte(1),
  /**
   * How the desk's own entries are sent: with a limit a little beyond the quote, or at market. Good
   * till cancelled both, since the legs of a bracket last as long as it does.
   */
  entry_order: z.enum(['limit', 'market']).default('limit'),
});

/** The content of config/sessions.yaml. */
export const sessionsConfig = z
  .strictObject({
    rescan_seconds: z.strictObject({ aggressive: rhythm, normal: rhythm, conservative: rhythm }),
    windows: z.strictObject({
      pre_market: sessionWindow,
      opening_range: sessionWindow,
      morning: entryWindow,
      midday: entryWindow,
      afternoon: entryWindow,
      close: sessionWindow,
    }),
  })
  .superRefine(({ windows }, context) => {
    const starts = windowNames.map((name) => startOf(windows[name].from, WHOLE_DAY));
    starts.forEach((start, index) => {
      if (index === 0 || start > starts[index - 1]!) return;
      const [name, before] = [windowNames[index]!, windowNames[index - 1]!];
      context.addIssue({
        code: 'custom',
        path: ['windows', name, 'from'],
        message: `${name} (${windows[name].from}) begins no later than ${before} (${windows[before].from}) on a whole day, which leaves ${before} nothing`,
      });
    });
  });
export type SessionsConfig = z.infer<typeof sessionsConfig>;

/** One window of one trading day; `until` is its first minute that is not. */
export interface SessionWindow {
  name: WindowName;
  from: TimeId;
  until: TimeId;
  /** Null where the market is not scanned again. */
  mode: ScanMode | null;
  /** 0 where nothing is entered. */
  max_positions: number;
  risk_share: number;
  /** Null where nothing is entered. */
  entry_order: 'limit' | 'market' | null;
}

/** The bells of an ordinary day, in minutes from its opening. */
const WHOLE_DAY = { open_time_id: 0, close_time_id: 390 };
const startOf = (
  from: string,
  hours: Pick<TradingHours, 'open_time_id' | 'close_time_id'>,
): TimeId => {
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
    const {
      mode = null,
      max_positions,
      risk_share,
      entry_order,
    } = { max_positions: 0, risk_share: 0, entry_order: null, ...config.windows[name] };
    return from < until
      ? [{ name, from, until, mode, max_positions, risk_share, entry_order }]
      : [];
  });
};

/** The window that an instant falls into; null outside of the day's windows. */
export const windowAt = (windows: readonly SessionWindow[], at: Instant): SessionWindow | null => {
  const minute = toTimeId(at);
  return windows.find(({ from, until }) => minute >= from && minute < until) ?? null;
};

/**
 * When the market is scanned again between two minutes (the second not included): by each window's
 * rhythm, and at its first minute; never in a window without a mode.
 */
export const rescanTimes = (
  config: SessionsConfig,
  windows: readonly SessionWindow[],
  from: TimeId,
  until: TimeId,
): Instant[] =>
  windows.flatMap((window) => {
    const times: Instant[] = [];
    if (window.mode === null) return times;
    const every = config.rescan_seconds[window.mode] / 60;
    const end = Math.min(window.until, until);
    for (let minute = Math.max(window.from, from); minute < end; minute += every)
      times.push(fromTimeId(minute));
    return times;
  });
