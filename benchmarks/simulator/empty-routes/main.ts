import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';

/**
 * Two servers that read an order's JSON and answer that it came: node:http alone, and express.
 * Prints their addresses.
 */
const ANSWER = { status: 'ok' };

const bare: RequestListener = (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    JSON.parse(Buffer.concat(parts).toString());
    const body = Buffer.from(JSON.stringify(ANSWER));
    response
      .writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': body.length,
      })
      .end(body);
  });
};

const app = express();
app.post('/', express.json(), (_request, response) => void response.json(ANSWER));

const listen = (listener: RequestListener): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer(listener);
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    );
  });

process.stdout.write(
  `${JSON.stringify({ bare: await listen(bare), express: await listen(app) })}\n`,
);
