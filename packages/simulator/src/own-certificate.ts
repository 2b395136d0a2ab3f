import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OwnCertificate {
  key: string;
  cert: string;
  /** The certificate as a PEM file, for clients to trust; it goes with `remove`. */
  path: string;
  remove(): void;
}

/**
 * A certificate for this machine's own names, signed by itself and made anew at each start: whoever
 * trusts it trusts this process alone. Its key is never written down.
 */
export const makeCertificate = async (): Promise<OwnCertificate> => {
  // Only who asks for TLS waits for the library to load.
  const { generate } = await import('selfsigned');
  const { private: key, cert } = await generate(
    [{ name: 'commonName', value: 'catalyst-simulator' }],
    {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    },
  );
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-simulator-'));
  const path = join(folder, 'certificate.pem');
  writeFileSync(path, cert);
  return { key, cert, path, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
