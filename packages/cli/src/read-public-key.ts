import { createHash } from 'node:crypto';
import { connect } from 'node:tls';
import { ConfigError } from '@catalyst/service-kit/calls';

const WITHIN_MS = 10_000;

/**
 * The SHA-256 (base64) of the public key that a desk's address shows, where its certificate is
 * self-signed and only this can tell it from another's; null where authorities vouch for it, and for
 * an address on this machine without TLS.
 * @throws ConfigError where nobody answers
 */
export const readPin = (address: string): Promise<string | null> => {
  const { protocol, hostname, port } = new URL(address);
  if (protocol === 'http:') return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const fail = (why: string): void =>
      reject(
        new ConfigError([
          `${address} shows no certificate (${why}): start the desk, or name its address with --address`,
        ]),
      );
    const socket = connect(
      // whoever it is, its key is what is asked for
      {
        host: hostname,
        port: Number(port) || 443,
        servername: hostname,
        rejectUnauthorized: false,
        timeout: WITHIN_MS,
      },
      () => {
        const certificate = socket.getPeerX509Certificate();
        socket.end();
        if (!certificate) return fail('it sent none');
        const isSelfSigned = certificate.checkIssued(certificate);
        const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
        resolve(isSelfSigned ? createHash('sha256').update(key).digest('base64') : null);
      },
    );
    socket.on('timeout', () => socket.destroy(new Error('it did not answer in 10 s')));
    socket.on('error', (error) => fail(error.message));
  });
};
