import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

/** What the protocol of apps lets a page do that asks for nothing. */
const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'";

/**
 * Serves a host's page, the app under the policy that a host must set, and the desk's door with the
 * key that the page names, all from one origin.
 */
export const serveHost = async (mcp: URL, html: string) => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../../app/tests/browser-host.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://127.0.0.1');
    const page = (type: string, body: string, more: Record<string, string> = {}) =>
      response.writeHead(200, { 'content-type': type, ...more }).end(body);
    if (url.pathname === '/host')
      return page(
        'text/html',
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><body style="margin:0;height:100vh"><script type="module" src="/host.js"></script>',
      );
    if (url.pathname === '/host.js') return page('text/javascript', outputFiles[0]!.text);
    if (url.pathname === '/favicon.ico') return response.writeHead(204).end();
    if (url.pathname === '/app')
      return page('text/html; charset=utf-8', html, { 'content-security-policy': POLICY });
    const { origin: _, referer: __, ...headers } = request.headers;
    const passed = forward(
      mcp,
      {
        method: request.method!,
        headers: { ...headers, host: mcp.host, 'x-api-key': url.searchParams.get('key') ?? '' },
      },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      },
    );
    passed.on('error', () => response.destroy());
    return request.pipe(passed);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/host`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
