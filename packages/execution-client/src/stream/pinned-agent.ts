import { createHash, X509Certificate } from 'node:crypto';
import { Agent, type AgentOptions } from 'node:https';
import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type ConnectionOptions } from 'node:tls';

/** Base64 of the SHA-256 of a certificate's public key, as an invitation holds it. */
export const pinOf = (certificate: Buffer): string =>
  createHash('sha256')
    .update(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');

const NOT_THE_INVITATIONS =
  "the desk's certificate is not the one of the invitation: somebody may stand in between, or the desk has a new one; ask its operator for a new invitation";

/**
 * Takes a server by its public key alone, whoever signed its certificate: nothing is written before
 * the key was seen to be the pinned one.
 */
class PinnedAgent extends Agent {
  readonly #pin: string;

  constructor(pin: string, options: AgentOptions = {}) {
    super(options);
    this.#pin = pin;
  }

  // Node's own agent takes the socket by the callback where none is returned
  override createConnection(
    options: RequestOptions,
    created: (error: Error | null, stream: Duplex) => void = () => {},
  ): null {
    const { host } = options;
    const socket = connect({
      ...(options as ConnectionOptions),
      ...(typeof host === 'string' && isIP(host) === 0 && { servername: host }),
      rejectUnauthorized: false,
    });
    socket.once('error', (error) => created(error, socket));
    socket.once('secureConnect', () => {
      const { raw } = socket.getPeerCertificate();
      if (raw !== undefined && pinOf(raw) === this.#pin) created(null, socket);
      else socket.destroy(new Error(NOT_THE_INVITATIONS));
    });
    return null;
  }
}

/** The agent of an invitation; undefined where the usual authorities vouch for the desk. */
export const agentFor = (pin: string | null): Agent | undefined =>
  pin === null ? undefined : new PinnedAgent(pin);
