import { z } from 'zod';

/**
 * Whose money it is: `live` trades real money, `paper` the broker's play money, `simulated` an
 * exchange on this machine.
 */
export const accountKind = z.enum(['paper', 'live', 'simulated']);

/** Who the client is to its desk and to its broker. */
export const profile = z.strictObject({
  /** The desk's address: https, or http on this machine. */
  address: z.url(),
  /** Base64 of the SHA-256 of the public key, where the desk's certificate is self-signed. */
  pin: z.string().nullable(),
  client_id: z.uuid(),
  name: z.string(),
  /** The desk's key for this client; it opens the stream and nothing else. */
  key: z.string().min(1),
  account_kind: accountKind,
  account_number: z.string().min(1),
  broker: z.strictObject({
    trading_url: z.url(),
    data_url: z.url(),
    stream_url: z.url(),
    feed: z.enum(['iex', 'sip', 'delayed_sip']),
  }),
});
export type Profile = z.infer<typeof profile>;
