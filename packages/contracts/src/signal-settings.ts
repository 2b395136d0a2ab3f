import { z } from 'zod';
import { signalFilters } from './signal.ts';

/** Dollars to the cent are enough for a bound. */
const dollars = (least: number, most: number) => z.number().min(least).max(most);

/**
 * Bounds on what a client may do. An absent one leaves the client's own file as it stands; a client
 * does the narrower of its own file, its settings and the desk's limits, and dry run ends only by
 * its owner's own command.
 */
export const riskSettings = z.strictObject({
  max_position_size_usd: dollars(100, 100_000).optional(),
  max_daily_loss_usd: dollars(50, 50_000).optional(),
  max_positions: z.int().min(1).max(20).optional(),
  /** A stop farther from the entry than this is not taken. */
  stop_loss_pct: z.number().min(1).max(20).optional(),
  /** A target farther from the entry than this is brought nearer. */
  take_profit_pct: z.number().min(2).max(50).optional(),
});
export type RiskSettings = z.infer<typeof riskSettings>;

export const executionSettings = z.strictObject({
  /** False switches entries off; true switches nothing on. */
  auto_execute: z.boolean().default(true),
  execution_delay_sec: z.int().min(0).max(300).default(0),
  order_type: z.enum(['market', 'limit']).optional(),
  /** A bracket that expires with the day would leave shares without a stop. */
  time_in_force: z.literal('gtc').default('gtc'),
  /** Closes on the desk's `closed` row. */
  follow_exits: z.boolean().default(true),
});

export const notificationChannels = ['websocket', 'terminal', 'desktop'] as const;

/** What a client keeps at the desk; each save is a version. */
export const clientSettings = z.strictObject({
  risk: riskSettings.default({}),
  filters: signalFilters.default({}),
  execution: executionSettings.default(() => executionSettings.parse({})),
  notification_channels: z.array(z.enum(notificationChannels)).max(3).default(['websocket']),
});
export type ClientSettings = z.infer<typeof clientSettings>;

/** What the desk's operator sets for a client: it only lowers and pauses. */
export const clientLimits = z.strictObject({
  risk: riskSettings.default({}),
  /** No entries while it is true; closes go on. */
  paused: z.boolean().default(false),
  /** Nothing below is sent, whatever the client's own filters say. */
  min_confidence: z.number().min(0).max(1).optional(),
  /** Addresses and CIDR blocks that its key is taken from; empty means any. */
  allowed_addresses: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .max(50)
    .default([]),
});
export type ClientLimits = z.infer<typeof clientLimits>;

/** The flags that something asks for. */
export const featureFlags = ['auto_execution', 'multiple_sessions'] as const;
export const featureFlag = z.enum(featureFlags);
export type FeatureFlag = z.infer<typeof featureFlag>;

/** What holds for a client now: its own settings under the desk's limits. */
export const clientConfiguration = z.object({
  /** Rises with each change of the settings, the limits or a flag. */
  version: z.int().min(0),
  settings: clientSettings,
  limits: clientLimits,
  /** The narrower of settings and limits; the client narrows it by its own file. */
  effective: z.object({
    risk: riskSettings,
    filters: signalFilters,
    execution: executionSettings,
    /** False: nothing is entered, for one of the reasons below; closes go on. */
    may_enter: z.boolean(),
    why_not: z.array(z.string()),
  }),
  flags: z.record(featureFlag, z.boolean()),
});
export type ClientConfiguration = z.infer<typeof clientConfiguration>;
