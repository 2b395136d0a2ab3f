import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { route } from '@catalyst/contracts';
import { z } from 'zod';
import { createClient } from '../src/http/create-client.ts';

const api = {
  read: route('GET', '/api/v1/things/:name', {
    summary: 'Reads.',
    params: z.object({ name: z.string() }),
    query: z.object({ tag: z.array(z.string()).optional() }),
    response: z.object({ url: z.string() }),
  }),
  act: route('POST', '/api/v1/acts', {
    summary: 'Acts.',
    body: z.object({ text: z.string() }),
    response: z.object({ heard: z.string() }),
  }),
};

let server: Server;
const serve = async (listener: RequestListener, timeout_ms = 60_000) => {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return createClient(api, {
    service: 'risk',
    base_url: `http://127.0.0.1:${port}`,
    api_key: 'key',
    timeout_ms,
    retry_for_ms: 0,
  });
};
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('a service that answers otherwise than it should', () => {
  it('is asked and heard in whole where it answers', async () => {
    const client = await serve((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const body =
          request.method === 'GET'
            ? { url: request.url }
            : { heard: (JSON.parse(text) as { text: string }).text };
        // in the middle of a letter of two bytes
        const bytes = Buffer.from(JSON.stringify(body));
        response.write(bytes.subarray(0, 11));
        setImmediate(() => response.end(bytes.subarray(11)));
      });
    });
    expect(await client.read({ params: { name: 'a b' }, query: { tag: ['x', 'y'] } })).toEqual({
      url: '/api/v1/things/a%20b?tag%5B%5D=x&tag%5B%5D=y',
    });
    expect(await client.act({ body: { text: '€ü€' } })).toEqual({ heard: '€ü€' });
  });

  it('is said to be late when it says nothing, and when it stops in the middle', async () => {
    const silent = await serve(() => undefined, 200);
    await expect(silent.act({ body: { text: '' } })).rejects.toMatchObject({ code: 'TIMED_OUT' });
    server.closeAllConnections();
    server.close();
    const stuck = await serve((_request, response) => void response.write('{"heard":'), 200);
    await expect(stuck.act({ body: { text: '' } })).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  it('is said to be unreachable when its connection breaks before or within the answer', async () => {
    const gone = await serve((request) => void request.socket.destroy());
    await expect(gone.act({ body: { text: '' } })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
    server.close();
    const broken = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 20 });
      response.write('{"heard":', () => request.socket.destroy());
    });
    await expect(broken.act({ body: { text: '' } })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });

  it('is named where it answers something else than JSON', async () => {
    const client = await serve((_request, response) => response.end('<html>'));
    await expect(client.act({ body: { text: '' } })).rejects.toThrow(
      'risk answered POST /api/v1/acts with something else than its contract says',
    );
  });
});
