import { decimalString, instant } from '@catalyst/domain';
import { z } from 'zod';
import { clientConfiguration } from './signal-settings.ts';
import { signalFilters, signalSeq as seq, tradingSignal } from './signal.ts';

/** Where the stream is, at the desk's address. */
export const SIGNAL_STREAM_PATH = '/ws/signals';

/** What a client may ask of the stream; told in `welcome`. */
export const streamLimits = {
  auth_within_s: 5,
  heartbeat_every_s: 30,
  messages_per_second: 8,
  frame_bytes: 16_384,
  /** Sent and not taken by the client. */
  unread_bytes: 1_048_576,
  unread_s: 10,
  connections_per_5_minutes: 300,
} as const;

/** How a trade went at a client; whoever tells more than the outcome lets the desk compare. */
export const signalFeedback = z.object({
  /** Of the first row. */
  signal_id: z.uuid(),
  /** An open list: `entered`, `closed`, `skipped`, `refused`, `expired`, `dry_run`, `failed`. */
  outcome: z.string().regex(/^[a-z][a-z_]{0,39}$/, 'expected a word such as entered or skipped'),
  /** Makes sending it twice harmless; absent means one of each outcome per signal. */
  feedback_id: z.uuid().optional(),
  reason: z.string().max(500).optional(),
  entry_price: decimalString.optional(),
  exit_price: decimalString.optional(),
  /** The client's own result in units of what it risked. */
  r_multiple: z.number().min(-1000).max(1000).optional(),
  /** From the signal's `at` to the client's order, on the client's clock. */
  delay_ms: z.int().min(0).max(86_400_000).optional(),
  /** True where no order was sent. */
  is_dry_run: z.boolean().optional(),
});
export type SignalFeedback = z.infer<typeof signalFeedback>;

/** From the client. */
export const clientFrames = {
  auth: z.object({
    type: z.literal('auth'),
    /** The key of `join`, or a token of `POST /api/v1/token`. */
    key: z.string().min(1).max(4096),
  }),
  subscribe: z.object({
    type: z.literal('subscribe'),
    /** Absent: those that are kept at the desk (`PUT /api/v1/subscriptions`). */
    filters: signalFilters.optional(),
    /** The last seq that the client has seen; absent or null means from now on. */
    after_seq: seq.nullable().optional(),
  }),
  update_filters: z.object({ type: z.literal('update_filters'), filters: signalFilters }),
  ack: z.object({ type: z.literal('ack'), seq }),
  feedback: signalFeedback.extend({ type: z.literal('feedback') }),
  ping: z.object({ type: z.literal('ping'), id: z.string().max(64).optional() }),
} as const;
export const clientFrame = z.discriminatedUnion('type', [
  clientFrames.auth,
  clientFrames.subscribe,
  clientFrames.update_filters,
  clientFrames.ack,
  clientFrames.feedback,
  clientFrames.ping,
]);
export type ClientFrame = z.infer<typeof clientFrame>;

/** Faults of the protocol; the connection stays open unless a `goodbye` follows. */
export const streamErrorCodes = [
  'NOT_JSON',
  'INVALID_FRAME',
  'UNKNOWN_TYPE',
  'BINARY_FRAME',
  'NOT_AUTHENTICATED',
  'ALREADY_AUTHENTICATED',
  'NOT_SUBSCRIBED',
  'ALREADY_SUBSCRIBED',
  'WRONG_KEY',
  'KEY_EXPIRED',
  'ADDRESS_REFUSED',
  'SEQ_AHEAD',
  'UNKNOWN_SIGNAL',
  'SCOPE_NOT_GRANTED',
  'TOO_MANY_MESSAGES',
  'TRY_AGAIN',
] as const;
export const streamErrorCode = z.enum(streamErrorCodes);
export type StreamErrorCode = z.infer<typeof streamErrorCode>;

/** Why a connection ends -> its close code. Whether to come back is in the documents. */
export const closeCodes = {
  deploy: 1012,
  lagging_copy: 1013,
  binary_frame: 1003,
  frame_too_large: 1009,
  auth_timeout: 4001,
  auth_refused: 4002,
  revoked: 4003,
  expired: 4004,
  replaced: 4005,
  too_slow: 4006,
  too_many_messages: 4007,
  silent: 4008,
} as const satisfies Record<string, number>;
export const goodbyeReason = z.enum(
  Object.keys(closeCodes) as [keyof typeof closeCodes, ...(keyof typeof closeCodes)[]],
);
export type GoodbyeReason = z.infer<typeof goodbyeReason>;
/** After these a client does not come back by itself: a person has to look. */
export const finalReasons: ReadonlySet<GoodbyeReason> = new Set([
  'auth_refused',
  'revoked',
  'expired',
  'replaced',
]);

/** From the desk. */
export const serverFrames = {
  welcome: z.object({
    type: z.literal('welcome'),
    client_id: z.uuid(),
    name: z.string(),
    scope: z.enum(['read', 'trade']),
    /** The latest of the log. */
    seq,
    /** Changes where the log begins anew, as each replay's does: a kept seq is then void. */
    log_id: z.string(),
    /** On the desk's clock. */
    server_time: instant,
    limits: z.record(z.string(), z.number()),
    configuration: clientConfiguration,
  }),
  subscribed: z.object({
    type: z.literal('subscribed'),
    filters: signalFilters,
    /** Signals come from here on; those up to `seq` are the backfill. */
    after_seq: seq,
    seq,
  }),
  /** The backfill is over: all up to `seq` has been considered, and what comes is live. */
  backfill: z.object({
    type: z.literal('backfill'),
    seq,
    /** Signals that it had for these filters. */
    sent: z.int().min(0),
  }),
  filters_updated: z.object({
    type: z.literal('filters_updated'),
    filters: signalFilters,
    /** They hold for what comes after this. */
    seq,
  }),
  signal: z.object({
    type: z.literal('signal'),
    /** The last seq that was told to this subscription: beyond what the client has, it is a hole. */
    after: seq,
    signal: tradingSignal,
  }),
  ack_recorded: z.object({ type: z.literal('ack_recorded'), seq }),
  feedback_recorded: z.object({
    type: z.literal('feedback_recorded'),
    signal_id: z.uuid(),
    outcome: z.string(),
  }),
  pong: z.object({
    type: z.literal('pong'),
    id: z.string().optional(),
    server_time: instant,
  }),
  heartbeat: z.object({
    type: z.literal('heartbeat'),
    /**
     * All up to it has been considered for this subscription: a filtered number is no hole. 0 before
     * a subscription.
     */
    seq,
    /** The last seq that was told before: beyond what the client has, it is a hole. */
    after: seq,
    server_time: instant,
    components: z
      .record(z.string(), z.enum(['healthy', 'degraded', 'unhealthy']))
      .describe(
        'The parts of the desk: `log` and `fan_out` of the copy that speaks, and each service by its name, as it was at most 15 seconds before. A service that does not answer is `unhealthy`; one that was not asked yet is absent. A part that is not healthy is no reason to leave: signals come as long as `log` answers.',
      ),
  }),
  config_updated: z.object({
    type: z.literal('config_updated'),
    configuration: clientConfiguration,
  }),
  goodbye: z.object({
    type: z.literal('goodbye'),
    reason: goodbyeReason,
    message: z.string(),
    /** Subscribe after this to lose nothing; null where nothing was subscribed. */
    resume_after_seq: seq.nullable(),
    /** Wait at least this long, so that not all come back at once. */
    reconnect_after_ms: z.int().min(0),
  }),
  error: z.object({
    type: z.literal('error'),
    code: streamErrorCode,
    message: z.string(),
  }),
} as const;
export const serverFrame = z.discriminatedUnion('type', [
  serverFrames.welcome,
  serverFrames.subscribed,
  serverFrames.backfill,
  serverFrames.filters_updated,
  serverFrames.signal,
  serverFrames.ack_recorded,
  serverFrames.feedback_recorded,
  serverFrames.pong,
  serverFrames.heartbeat,
  serverFrames.config_updated,
  serverFrames.goodbye,
  serverFrames.error,
]);
export type ServerFrame = z.infer<typeof serverFrame>;
