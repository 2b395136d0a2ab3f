import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { request } from 'node:https';
import { BlockList, isIP } from 'node:net';

/** For tests, whose clients publish their documents on this machine. */
export interface DocumentNetwork {
  allow_private: boolean;
  /** The authority of a certificate that this machine does not trust by itself. */
  ca?: string;
}

const LONGEST_MS = 5000;
const MOST_BYTES = 16 * 1024;

const notPublic = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  notPublic.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  notPublic.addSubnet(net, prefix, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** Whether an address is one of the public network: not this machine, its network or a special one. */
export const isPublicAddress = (address: string): boolean => {
  const kind = isIP(address);
  if (kind === 4) return !notPublic.check(address, 'ipv4');
  if (kind === 6) return globalUnicast.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
  return false;
};

type Answer = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** Resolves a name as the system does, and refuses one any of whose addresses is not public. */
const lookupPublic = (hostname: string, options: LookupOptions, answer: Answer): void =>
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return answer(error, []);
    const inside = addresses.find(({ address }) => !isPublicAddress(address));
    if (inside || addresses.length === 0)
      return answer(new Error(`${hostname} is not at an address of the public network`), []);
    if (options.all) return answer(null, addresses);
    answer(null, addresses[0]!.address, addresses[0]!.family);
  });

/**
 * Fetches what a stranger names: https at the usual port of a public address, no redirect, no more
 * than a little, not for long. The address that was looked at is the one that is connected to.
 * @throws Error for whatever is not so
 */
export const createFetchDocument =
  ({ allow_private, ca }: DocumentNetwork) =>
  (given: string | URL): Promise<Response> => {
    const url = new URL(given);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (url.protocol !== 'https:') throw new Error('only https is fetched');
    if (url.username !== '' || url.password !== '') throw new Error('no user is named to others');
    if (!allow_private) {
      if (url.port !== '') throw new Error('only the usual port of https is fetched');
      if (isIP(host) !== 0 && !isPublicAddress(host)) throw new Error('not a public address');
    }
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        {
          method: 'GET',
          agent: false,
          signal: AbortSignal.timeout(LONGEST_MS),
          headers: { accept: 'application/json', 'accept-encoding': 'identity' },
          ...(ca !== undefined && { ca }),
          ...(!allow_private && { lookup: lookupPublic as never }),
        },
        (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            bytes += chunk.length;
            if (bytes > MOST_BYTES) sent.destroy(new Error('the document is too large'));
          });
          response.on('error', reject);
          response.on('end', () => {
            const cache_control = response.headers['cache-control'];
            const { statusCode: status = 502 } = response;
            resolve(
              new Response(
                status < 200 || [204, 205, 304].includes(status) ? null : Buffer.concat(chunks),
                {
                  status: status < 200 ? 502 : status,
                  ...(cache_control && { headers: { 'cache-control': cache_control } }),
                },
              ),
            );
          });
        },
      );
      sent.on('error', reject);
      sent.end();
    });
  };
