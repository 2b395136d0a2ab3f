import { instant, symbol } from '@catalyst/domain';
import { z } from 'zod';
import { holderName, keyHash } from './access-keys.ts';
import { route } from './route.ts';
import { actReason, givenName } from './said-by.ts';
import {
  clientConfiguration,
  clientLimits,
  clientSettings,
  featureFlag,
} from './signal-settings.ts';
import { signalFeedback } from './signal-stream.ts';
import { signalSeq, tradingSignal } from './signal.ts';
import { signalsApi } from './signals-outside.ts';

/** A client as the stream admits it. */
export const signalClient = z.object({
  client_id: z.uuid(),
  name: holderName,
  scope: z.enum(['read', 'trade']),
  expires_at: instant.nullable(),
  configuration: clientConfiguration,
});
export type SignalClient = z.infer<typeof signalClient>;

/** What became of the log at a client, by the facts alone. */
export const clientStanding = z.object({
  client_id: z.uuid(),
  name: holderName,
  /** `invited` has no key yet. */
  state: z.enum(['invited', 'active', 'expired', 'revoked']),
  scope: z.enum(['read', 'trade']).nullable(),
  created_at: instant,
  expires_at: instant.nullable(),
  last_seen_at: instant.nullable(),
  /** A sign of life within 60 s; within 120 s; longer ago, or never. */
  health: z.enum(['healthy', 'late', 'away']),
  last_delivered_seq: signalSeq,
  last_acked_seq: signalSeq,
  /** Rows of the log that it has not acknowledged; its filters may hold some back. */
  lag: z.int(),
  deliveries: z.int(),
  feedback: z.record(z.string(), z.int()),
  /** Entries that it told a price of. */
  told_entries: z.int(),
  /** Mean of what it paid more than the desk, in hundredths of a per cent; null where nothing was told. */
  slippage_bps: z.number().nullable(),
  /** Mean time from the signal to its order; null where none was told. */
  delay_ms: z.number().nullable(),
  /** Share of its told results whose sign is the desk's; null where none can be compared. */
  agreement_ratio: z.number().nullable(),
});
export type ClientStanding = z.infer<typeof clientStanding>;

export const flagState = z.object({
  flag: featureFlag,
  is_enabled: z.boolean(),
  /** Of the clients, by a stable hash of their ids. */
  percentage: z.int().min(0).max(100),
  /** Names that have it whatever their hash. */
  allow_list: z.array(holderName),
});
export type FlagState = z.infer<typeof flagState>;

const clientId = z.object({ client_id: z.uuid() });

const change = z.object({ seq: z.int(), client_id: z.uuid().nullable() });

/** What happened to a session, for the facts. */
export const sessionFact = z.object({
  client_id: z.uuid(),
  kind: z.enum(['connected', 'subscribed', 'acked', 'disconnected']),
  details: z.record(z.string(), z.unknown()),
  at: instant,
});
export type SessionFact = z.infer<typeof sessionFact>;

const difference = z.object({ seq: z.int(), kept: z.string(), replayed: z.string() });

/** The log and its clients, at workflow; orchestration shows them outside. */
export const signalDeskRoutes = {
  listSignalLog: route('GET', '/api/v1/signal-log', {
    summary: 'Rows of the signal log after a number, oldest first.',
    query: z.strictObject({
      after_seq: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      symbol: symbol.optional(),
      since: instant.optional(),
    }),
    response: z.object({
      log_id: z.uuid(),
      signals: z.array(tradingSignal),
      next_after_seq: signalSeq,
      seq: signalSeq,
    }),
  }),
  showSignalRow: route('GET', '/api/v1/signal-log/:signal_id', {
    summary: 'A row of the signal log with the later rows about it.',
    params: z.object({ signal_id: z.uuid() }),
    response: signalsApi.showSignal.response,
  }),
  watchSignals: route('GET', '/api/v1/signal-watch', {
    summary: 'How far the log is, and whose settings, limits or key changed after a number.',
    query: z.strictObject({ after_change: z.coerce.number().int().min(0).optional() }),
    response: z.object({
      log_id: z.uuid(),
      seq: signalSeq,
      /** The latest number of what happened to clients. */
      change: z.int(),
      changes: z.array(change),
    }),
  }),
  replaySignals: route('GET', '/api/v1/signal-replay', {
    summary:
      'Reads the log again from a number, makes the state of each trade anew from it, and compares with what is kept.',
    query: z.strictObject({ from_seq: z.coerce.number().int().min(1).default(1) }),
    response: z.object({
      from_seq: z.int(),
      to_seq: signalSeq,
      rows: z.int(),
      trades: z.int(),
      /** Numbers that are missing. */
      gaps: z.array(z.int()),
      differences: z.array(difference),
    }),
  }),
  inviteClient: route('POST', '/api/v1/signal-invitations', {
    summary: 'Makes the code with which a friend joins; the code itself is kept by nobody.',
    body: z.strictObject({
      name: holderName,
      scope: z.enum(['read', 'trade']).default('trade'),
      /** Of the code. */
      code_sha256: keyHash,
      /** Of the invitation. */
      lifetime_hours: z.int().min(1).max(720).default(24),
      /** Of the key that it becomes; null for no end. */
      key_hours: z.int().min(1).max(87_840).nullable().default(8760),
      limits: clientLimits.optional(),
      by: givenName,
    }),
    response: z.object({ client_id: z.uuid(), name: holderName, expires_at: instant }),
    repeatable: true,
  }),
  joinClient: route('POST', '/api/v1/signal-clients/join', {
    summary: 'Turns a code and a nonce into a key.',
    body: signalsApi.join.body,
    response: signalsApi.join.response,
    repeatable: true,
  }),
  findSignalClient: route('POST', '/api/v1/signal-clients/find', {
    summary: 'The client of a key or an id, or why it is not let in.',
    body: z.union([z.strictObject({ key_hash: keyHash }), z.strictObject({ client_id: z.uuid() })]),
    response: z.object({
      client: signalClient.nullable(),
      refused: z.enum(['WRONG_KEY', 'KEY_EXPIRED', 'REVOKED']).nullable(),
    }),
    repeatable: true,
  }),
  recordSessions: route('POST', '/api/v1/signal-clients/record', {
    summary: 'What was delivered and what happened to sessions, in batches.',
    body: z.strictObject({
      deliveries: z
        .array(
          z.object({
            client_id: z.uuid(),
            session_id: z.uuid(),
            seqs: z.array(z.int().min(1)).max(10_000),
            at: instant,
          }),
        )
        .max(1000),
      /** Rows that went to many sessions at once. */
      fanned_out: z
        .array(
          z.object({
            seq: z.int().min(1),
            at: instant,
            sessions: z.array(z.object({ client_id: z.uuid(), session_id: z.uuid() })).max(5000),
          }),
        )
        .max(1000)
        .default([]),
      facts: z.array(sessionFact).max(1000),
      seen: z.array(z.object({ client_id: z.uuid(), at: instant })).max(20_000),
    }),
    response: z.object({ recorded: z.int() }),
    repeatable: true,
  }),
  takeFeedback: route('POST', '/api/v1/signal-clients/:client_id/feedback', {
    summary: 'How a signal went at a client; the same again changes nothing.',
    params: clientId,
    body: signalFeedback,
    response: signalsApi.giveFeedback.response,
    repeatable: true,
  }),
  saveClientSettings: route('PUT', '/api/v1/signal-clients/:client_id/settings', {
    summary: "Saves a client's own settings as a new version.",
    params: clientId,
    body: clientSettings,
    response: clientConfiguration,
  }),
  listSignalClients: route('GET', '/api/v1/signal-clients', {
    summary: 'The clients, by name: how far each is, and how it does.',
    response: z.object({ clients: z.array(clientStanding), seq: signalSeq }),
  }),
  showSignalClient: route('GET', '/api/v1/signal-clients/:client_id', {
    summary: 'A client with what holds for it.',
    params: clientId,
    response: z.object({
      standing: clientStanding,
      configuration: clientConfiguration,
      seq: signalSeq,
    }),
  }),
  limitClient: route('PUT', '/api/v1/signal-clients/:client_id/limits', {
    summary: 'The limits that the desk sets for a client, as a new version; they only lower.',
    params: clientId,
    body: z.strictObject({ limits: clientLimits, by: givenName, reason: actReason }),
    response: clientConfiguration,
  }),
  revokeClient: route('POST', '/api/v1/signal-clients/:client_id/revoke', {
    summary: "Ends a client's key and its sessions for good; a second time changes nothing.",
    params: clientId,
    body: z.strictObject({ by: givenName, reason: actReason }),
    response: clientStanding,
    repeatable: true,
  }),
  listFlags: route('GET', '/api/v1/feature-flags', {
    summary: 'The feature flags.',
    response: z.object({ flags: z.array(flagState) }),
  }),
  setFlag: route('PUT', '/api/v1/feature-flags/:flag', {
    summary: 'Switches a feature for a share of the clients, and for those that are named.',
    params: z.object({ flag: featureFlag }),
    body: flagState.omit({ flag: true }).extend({ by: givenName, reason: actReason }),
    response: flagState,
  }),
};
