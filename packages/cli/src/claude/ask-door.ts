import { readFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Asked {
  ca_file: string | null;
  headers?: Record<string, string>;
  /** Sent as JSON; without it the address is only read. */
  body?: object;
}

const TIMEOUT_MS = 10_000;

/** One request as a client outside makes it, trusting a certificate that is given. */
export const askDoor = (url: string, { ca_file, headers = {}, body }: Asked): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const isHttps = url.startsWith('https:');
    const sent = (isHttps ? requestHttps : requestHttp)(
      url,
      {
        method: body === undefined ? 'GET' : 'POST',
        timeout: TIMEOUT_MS,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          accept: 'application/json, text/event-stream',
          ...headers,
        },
        ...(ca_file !== null && { ca: readFileSync(ca_file) }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('it did not answer within 10 s')));
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });

/** What a failed connection means, by the system's word for it. */
export const whyUnreached = (url: string, error: NodeJS.ErrnoException): string => {
  const { hostname, host } = new URL(url);
  const code = error.code ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `no address is known for ${hostname}: the name is mistyped, or has no DNS entry yet`;
  if (code === 'ECONNREFUSED') return `nothing listens at ${host}: is the desk up?`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code))
    return `the certificate of ${host} is not trusted here (${code}): give the file of it with --ca, or one from a known authority to Nginx`;
  return `${host} cannot be reached (${code || error.message})`;
};
