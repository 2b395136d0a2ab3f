import { instant, symbol } from '@catalyst/domain';
import { z } from 'zod';
import { route } from './route.ts';
import { clientConfiguration, clientSettings } from './signal-settings.ts';
import { signalFeedback } from './signal-stream.ts';
import { signalFilters, signalSeq as seq, tradingSignal } from './signal.ts';

/** What the string of `catalyst invite` holds, as base64url of its JSON. */
export const invitation = z.object({
  /** The desk's address: https, or http on loopback. */
  address: z.url({ protocol: /^https?$/ }),
  /** 128 bits as hex digits; good once, until it expires. */
  code: z.string().regex(/^[0-9a-f]{32}$/, 'expected a code of 32 hex digits'),
  /** Base64 of the SHA-256 of the certificate's public key where it is self-signed. */
  pin: z.string().nullable(),
});
export type Invitation = z.infer<typeof invitation>;

export const writeInvitation = (given: Invitation): string =>
  Buffer.from(JSON.stringify(given)).toString('base64url');
/** Throws a ZodError or a SyntaxError where the string is no invitation. */
export const readInvitation = (text: string): Invitation =>
  invitation.parse(JSON.parse(Buffer.from(text.trim(), 'base64url').toString('utf8')));

/**
 * The REST twin of the stream, for clients with a key (`X-API-Key`, or `Authorization: Bearer` with
 * a key or a token). Orchestration serves it; the fleet's own keys do not open it.
 */
export const signalsApi = {
  join: route('POST', '/api/v1/join', {
    summary:
      'Turns the code of an invitation into a key, without a key: for the same code and nonce the same for 10 minutes, to another nonce never again.',
    body: z.strictObject({
      code: invitation.shape.code,
      nonce: z.string().regex(/^[0-9a-f]{32,64}$/, 'expected 32 to 64 hex digits'),
    }),
    response: z.object({
      client_id: z.uuid(),
      key: z.string(),
      name: z.string(),
      scope: z.enum(['read', 'trade']),
      expires_at: instant.nullable(),
    }),
    repeatable: true,
  }),
  makeToken: route('POST', '/api/v1/token', {
    summary:
      'A token for the key, good for a few minutes: for browsers and whoever would not send the key twice.',
    response: z.object({ token: z.string(), token_type: z.literal('Bearer'), expires_at: instant }),
    repeatable: true,
  }),
  listSignals: route('GET', '/api/v1/signals', {
    summary:
      'The log after a seq, oldest first, a page at a time; it is not filtered by the subscription.',
    query: z.strictObject({
      after_seq: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      symbol: symbol.optional(),
      /** Written at or after this. */
      since: instant.optional(),
    }),
    response: z.object({
      signals: z.array(tradingSignal),
      /** All up to it has been considered: ask again after it. */
      next_after_seq: seq,
      /** The latest of the log. */
      seq,
    }),
  }),
  showSignal: route('GET', '/api/v1/signals/:signal_id', {
    summary: 'One row with the later rows about it.',
    params: z.object({ signal_id: z.uuid() }),
    response: z.object({ signal: tradingSignal, later: z.array(tradingSignal) }),
  }),
  showSubscription: route('GET', '/api/v1/subscriptions', {
    summary: 'The filters that are kept at the desk, and how far the client has come.',
    response: z.object({
      filters: signalFilters,
      version: z.int(),
      last_delivered_seq: seq,
      last_acked_seq: seq,
      seq,
    }),
  }),
  updateSubscription: route('PUT', '/api/v1/subscriptions', {
    summary: 'Keeps filters at the desk; open streams take them over at once.',
    body: z.strictObject({ filters: signalFilters }),
    response: z.object({ filters: signalFilters, version: z.int() }),
  }),
  giveFeedback: route('POST', '/api/v1/feedback', {
    summary: 'How a signal went at the client; the same again changes nothing.',
    body: signalFeedback,
    response: z.object({ signal_id: z.uuid(), outcome: z.string(), is_new: z.boolean() }),
    repeatable: true,
  }),
  showSettings: route('GET', '/api/v1/settings', {
    summary: "The client's settings, the desk's limits, and what holds of both.",
    response: clientConfiguration,
  }),
  updateSettings: route('PUT', '/api/v1/settings', {
    summary: 'Saves settings as a new version; they only narrow what the client itself allows.',
    body: clientSettings,
    response: clientConfiguration,
  }),
};
