import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames, type ServiceName } from '@catalyst/contracts';
import { eventually } from '@catalyst/testkit';
import { findFrontDoor, newKey, openFrontDoor, type FrontDoor } from './front-door.ts';
import { startSignalDesk, type SignalDesk } from './signal-desk.ts';
import { openStream } from './signal-socket.ts';

const program = await findFrontDoor();
if (!program)
  process.stderr.write(
    'LEFT OUT: tests/signals-behind-nginx.test.ts, since nginx or openssl is not installed here\n',
  );

(program ? describe : describe.skip)('the stream behind the real Nginx', () => {
  let desk: SignalDesk;
  let door: FrontDoor;
  let ann: { client_id: string; key: string };
  const open = (headers: Record<string, string> = {}) =>
    openStream(door.https_url, {
      ca: readFileSync(join(door.keys_dir, 'tls.crt')),
      headers: { 'x-api-key': ann.key, ...headers },
    });

  beforeAll(async () => {
    desk = await startSignalDesk();
    await desk.write(5);
    ann = await desk.newClient('ann');
    const address = new URL(desk.copies[0]!.url).host;
    const addresses = Object.fromEntries(serviceNames.map((name) => [name, address]));
    door = await openFrontDoor(program!, addresses as Record<ServiceName, string>, {
      cli_key: newKey(),
    });
  }, 60_000);
  afterAll(async () => {
    await door?.close();
    await desk?.close();
  });

  it('opens with a key, and goes on over a reload that a new client comes in by', async () => {
    const stream = open();
    await stream.next('welcome');
    stream.say({ type: 'subscribe', after_seq: 0 });
    expect(await stream.next('backfill')).toMatchObject({ seq: 5 });
    door.nginx.reload();
    const bob = await desk.newClient('bob');
    const other = open({ 'x-api-key': bob.key });
    await other.next('welcome');
    await desk.write(3);
    await eventually(() => expect(stream.of('signal')).toHaveLength(8));
    stream.socket.close();
    other.socket.close();
  });
  it('tells the desk where a client is, whatever the client says of it', async () => {
    await desk.desk.limitClient({
      params: { client_id: ann.client_id },
      body: { limits: { allowed_addresses: ['10.1.2.3'] }, by: 'op', reason: 'from there alone' },
    });
    const stream = open({ 'x-real-ip': '10.1.2.3', 'x-forwarded-for': '10.1.2.3' });
    expect(await stream.next('error')).toMatchObject({ code: 'ADDRESS_REFUSED' });
    await desk.desk.limitClient({
      params: { client_id: ann.client_id },
      body: { limits: {}, by: 'op', reason: 'from anywhere' },
    });
  });
  it("serves the REST twin to the client's key, and the operator's acts to no client", async () => {
    const headers = { 'x-api-key': ann.key };
    const listed = await door.ask('/api/v1/signals?after_seq=3', { headers });
    expect([listed.status, listed.json().signals[0].seq]).toEqual([200, 4]);
    expect((await door.ask('/api/v1/signal-clients', { headers })).status).toBe(403);
    expect((await door.ask('/api/v1/signals', { headers: {} })).status).toBe(401);
  });
});
