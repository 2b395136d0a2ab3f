import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

interface VendorAnswer {
  status: number;
  body: string;
}
/**
 * What stands between the fleet and the vendor: another answer in the place of the vendor's, or
 * undefined to let it through.
 */
export type Meddle = (path: string, answer: VendorAnswer) => VendorAnswer | 'hang_up' | undefined;

export interface VendorProxy {
  url: string;
  /** How many answers of which path were not the vendor's own. */
  spoiled: Map<string, number>;
  /** What it does from now on; null passes everything on as it is. */
  meddle(with_: Meddle | null): void;
  close(): Promise<void>;
}

const withoutHop = ({
  connection: _connection,
  'accept-encoding': _encoding,
  ...headers
}: IncomingHttpHeaders): IncomingHttpHeaders => headers;

/** A real HTTP proxy in front of a vendor that can spoil what it answers. */
export const startVendorProxy = async (target: string): Promise<VendorProxy> => {
  let meddle: Meddle | null = null;
  const spoiled = new Map<string, number>();
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url!.split('?')[0]!;
    const passed = request(
      `${target}${incoming.url}`,
      { method: incoming.method, headers: withoutHop(incoming.headers), agent: false },
      (answered) => {
        const chunks: Buffer[] = [];
        answered.on('data', (chunk: Buffer) => chunks.push(chunk));
        answered.on('end', () => {
          const whole = Buffer.concat(chunks);
          const text = (
            answered.headers['content-encoding'] === 'gzip' ? gunzipSync(whole) : whole
          ).toString();
          const status = answered.statusCode!;
          const other = meddle?.(path, { status, body: text });
          if (other !== undefined) spoiled.set(path, (spoiled.get(path) ?? 0) + 1);
          if (other === 'hang_up') {
            incoming.socket.destroy();
            return;
          }
          outgoing
            .writeHead(other?.status ?? status, {
              'content-type': answered.headers['content-type'] ?? 'application/json',
            })
            .end(other?.body ?? text);
        });
      },
    );
    passed.on('error', () => incoming.socket.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spoiled,
    meddle: (with_) => {
      meddle = with_;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
