import { readFileSync, existsSync } from 'node:fs';
import { connect } from 'node:net';
import { request } from 'node:https';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { startSimulator, type Simulator } from '../src/index.ts';

let simulator: Simulator | null = null;
afterEach(async () => {
  await simulator?.close();
  simulator = null;
});

const get = (url: string, ca: Buffer | undefined): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { ca, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end();
  });

describe('a simulator with TLS', () => {
  it('answers requests and streams to who trusts its certificate, and plain ones on the same port', async () => {
    simulator = await startSimulator({ tls: true });
    const { url, stream_url: streamUrl, certificate } = simulator;
    const ca = readFileSync(certificate!);
    expect([url, streamUrl].map((address) => address.split(':')[0])).toEqual(['https', 'wss']);
    expect(await get(`${url}/sim/status`, ca)).toBe(200);
    expect(await get(`${url.replace('127.0.0.1', 'localhost')}/sim/status`, ca)).toBe(200);
    await expect(get(`${url}/sim/status`, undefined)).rejects.toThrow(/self-signed|self signed/);
    const plain = await fetch(`${url.replace('https', 'http')}/sim/status`);
    expect(plain.status).toBe(200);
    await plain.text();
    for (const address of [streamUrl, streamUrl.replace('wss', 'ws')]) {
      const socket = new WebSocket(address, { ca });
      await once(socket, 'open');
      socket.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
      const [answer] = (await once(socket, 'message')) as [Buffer];
      expect(JSON.parse(answer.toString())).toMatchObject({ stream: 'authorization' });
      socket.terminate();
    }
  });

  it('stops with connections that have said nothing yet, and takes its certificate with it', async () => {
    simulator = await startSimulator({ tls: true });
    const silent = connect(Number(new URL(simulator.url).port), '127.0.0.1');
    const stalled = connect(Number(new URL(simulator.url).port), '127.0.0.1');
    for (const socket of [silent, stalled]) {
      socket.on('error', () => {});
      await once(socket, 'connect');
    }
    stalled.write(Buffer.of(0x16));
    await get(`${simulator.url}/sim/status`, readFileSync(simulator.certificate!));
    expect(existsSync(simulator.certificate!)).toBe(true);
    const { certificate } = simulator;
    await simulator.close();
    simulator = null;
    expect(existsSync(certificate!)).toBe(false);
  });

  it('is asked for: without, there is no certificate', async () => {
    simulator = await startSimulator();
    expect(simulator.certificate).toBeNull();
    expect(simulator.url).toMatch(/^http:/);
  });
});
