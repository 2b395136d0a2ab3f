import { hkdfSync } from 'node:crypto';
import type { SignalClient, StreamErrorCode } from '@catalyst/contracts';
import { toInstant } from '@catalyst/domain';
import { sha256 } from '@catalyst/service-kit';
import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import { BlockList, isIPv6 } from 'node:net';
import type { Services } from '../services.ts';

const AUDIENCE = 'catalyst-signals';
/** By the wall, as the end of every token. */
const TOKEN_LIFETIME = '5m';

export type Admitted =
  | { client: SignalClient; refused: null }
  | {
      client: null;
      refused: Extract<StreamErrorCode, 'WRONG_KEY' | 'KEY_EXPIRED' | 'ADDRESS_REFUSED'>;
      message: string;
    };

const REFUSALS = {
  WRONG_KEY: 'this key is not one that the desk knows: join with an invitation',
  KEY_EXPIRED: 'this key has expired: ask the operator for another invitation',
  REVOKED: 'this key was revoked: ask the operator',
} as const;

const isAllowed = ({ configuration }: SignalClient, address: string): boolean => {
  const { allowed_addresses } = configuration.limits;
  if (allowed_addresses.length === 0) return true;
  const list = new BlockList();
  for (const entry of allowed_addresses) {
    const [network, prefix] = entry.split('/') as [string, string | undefined];
    const family = isIPv6(network) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  const plain = address.replace(/^::ffff:/, '');
  return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
};

/**
 * Who comes with a key or a token, asked of workflow each time: a token only spares sending the key
 * again, it admits nobody whose key has ended.
 */
export const createAdmitClient = (workflow: Services['clients'], service_key: string) => {
  // all copies of this service share the key, and nobody learns it from a token
  const secret = new Uint8Array(hkdfSync('sha256', service_key, '', 'signal tokens', 32));

  const clientOfToken = async (token: string): Promise<string | null> => {
    try {
      const { payload } = await jwtVerify(token, secret, {
        audience: AUDIENCE,
        algorithms: ['HS256'],
      });
      return payload.sub ?? null;
    } catch {
      return null;
    }
  };
  const admit = async (credential: string, address: string): Promise<Admitted> => {
    const isToken = credential.split('.').length === 3;
    const client_id = isToken ? await clientOfToken(credential) : null;
    if (isToken && client_id === null)
      return {
        client: null,
        refused: 'WRONG_KEY',
        message: 'this token is not one of the desk, or has expired: ask for another with the key',
      };
    const { client, refused } = await workflow.findSignalClient({
      body: client_id === null ? { key_hash: sha256(credential) } : { client_id },
    });
    if (!client) {
      const code = refused ?? 'WRONG_KEY';
      return {
        client: null,
        refused: code === 'REVOKED' ? 'WRONG_KEY' : code,
        message: REFUSALS[code],
      };
    }
    if (!isAllowed(client, address))
      return {
        client: null,
        refused: 'ADDRESS_REFUSED',
        message: `the key of ${client.name} is not taken from this address`,
      };
    return { client, refused: null };
  };
  return {
    admit,
    makeToken: async ({ client_id }: SignalClient) => {
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(client_id)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(TOKEN_LIFETIME)
        .sign(secret);
      return {
        token,
        token_type: 'Bearer' as const,
        expires_at: toInstant(decodeJwt(token).exp! * 1000),
      };
    },
  };
};
export type AdmitClient = ReturnType<typeof createAdmitClient>;
