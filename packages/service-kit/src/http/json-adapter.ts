import http from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { AxiosError, AxiosHeaders, type AxiosAdapter } from 'axios';
import { giveUpAfter } from '@catalyst/runtime';

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text; // whoever awaits JSON says what came instead
  }
};

/**
 * How axios reaches one service of the fleet: JSON there and back over kept connections. Its own
 * adapter also knows proxies, redirects, forms and streams, and costs twice the processor time.
 */
export const createJsonAdapter = (base_url: string): AxiosAdapter => {
  const base = new URL(base_url);
  const { hostname, port, protocol } = urlToHttpOptions(base);
  const { Agent, request } = protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const prefix = base.pathname.replace(/\/$/, '');

  return (config) =>
    new Promise((resolve, reject) => {
      const body = config.data === undefined ? undefined : Buffer.from(JSON.stringify(config.data));
      const sent = request({
        agent,
        hostname,
        port,
        method: config.method?.toUpperCase(),
        path: `${prefix}${config.url}`,
        headers: {
          ...(config.headers.toJSON() as Record<string, string>),
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json', 'content-length': body.length }),
        },
      });
      const fail = (message: string, code: string | undefined): void => {
        callOff();
        reject(new AxiosError(message, code, config, sent));
      };
      const callOff = giveUpAfter(config.timeout!, () => {
        fail(`no answer within ${config.timeout} ms`, AxiosError.ECONNABORTED);
        sent.destroy();
      });
      const lost = (error: NodeJS.ErrnoException): void => fail(error.message, error.code);
      sent.on('error', lost);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('error', lost);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          callOff();
          resolve({
            data: readJson(Buffer.concat(chunks).toString()),
            status: response.statusCode!,
            statusText: '',
            headers: new AxiosHeaders(),
            config,
            request: sent,
          });
        });
      });
      sent.end(body);
    });
};
