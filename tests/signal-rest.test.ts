import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAskSignals } from './ask-signals.ts';
import { startSignalDesk, type SignalDesk } from './signal-desk.ts';
import { openStream } from './signal-socket.ts';

let desk: SignalDesk;
let ann: { client_id: string; key: string };
const rest = createAskSignals(() => desk);

beforeAll(async () => {
  desk = await startSignalDesk();
  await desk.write(20);
  ann = await desk.newClient('ann');
}, 60_000);
afterAll(() => desk?.close());

describe('the REST twin', () => {
  it('pages the log, finds a row with its later ones, and answers unchanged with 304', async () => {
    const { body } = await rest('signals?after_seq=2&limit=3', ann.key);
    expect(body).toMatchObject({
      signals: [{ seq: 3 }, { seq: 4 }, { seq: 5 }],
      next_after_seq: 5,
    });
    const log = await desk.log();
    const closed = log.find(({ kind }) => kind === 'closed')! as { about: { signal_id: string } };
    const one = await rest(`signals/${closed.about.signal_id}`, ann.key);
    expect(one.body).toMatchObject({ signal: { kind: 'signal' }, later: [{ kind: 'closed' }] });
    const tag = one.response.headers.get('etag')!;
    const again = await rest(`signals/${closed.about.signal_id}`, ann.key, {
      headers: { 'if-none-match': tag },
    });
    expect(again.response.status).toBe(304);
    const ofSymbol = (await rest('signals?symbol=AAA&limit=500', ann.key)).body as {
      signals: { symbol: string }[];
    };
    expect(new Set(ofSymbol.signals.map(({ symbol }) => symbol))).toEqual(new Set(['AAA']));
  });
  it('keeps a subscription, which the stream takes where it names none', async () => {
    const filters = { filters: { symbols: ['BBB'] } };
    await rest('subscriptions', ann.key, { method: 'PUT', body: JSON.stringify(filters) });
    expect((await rest('subscriptions', ann.key)).body).toMatchObject(filters);
    const stream = openStream(desk.copies[0]!.url, { headers: { 'x-api-key': ann.key } });
    await stream.next('welcome');
    stream.say({ type: 'subscribe', after_seq: 0 });
    expect(await stream.next('subscribed')).toMatchObject(filters);
    await rest('subscriptions', ann.key, { method: 'PUT', body: '{"filters":{}}' });
    expect(await stream.next('filters_updated')).toMatchObject({ filters: {} });
    stream.socket.terminate();
  });
  it("opens to a client's key alone, and that key opens nothing of the fleet's", async () => {
    expect((await rest('signals', desk.keys.cli)).response.status).toBe(403);
    const nobody = await rest('signals', '');
    expect(nobody).toMatchObject({
      response: { status: 401 },
      body: { error: { code: 'MISSING_KEY' } },
    });
    expect((await rest('cycles/current', ann.key)).response.status).toBe(403);
    const mcp = await fetch(`${desk.copies[0]!.url}/mcp`, {
      method: 'POST',
      headers: { 'x-api-key': ann.key },
    });
    expect(mcp.status).toBe(403);
  });
  it('takes no trade from a key that only reads', async () => {
    const reader = await desk.newClient('reader', 'read');
    const [first] = await desk.log();
    const told = { signal_id: first!.signal_id, outcome: 'entered' };
    const real = await rest('feedback', reader.key, { method: 'POST', body: JSON.stringify(told) });
    expect(real.response.status).toBe(403);
    const dry = { ...told, is_dry_run: true };
    expect(
      (await rest('feedback', reader.key, { method: 'POST', body: JSON.stringify(dry) })).response
        .status,
    ).toBe(200);
    expect((await rest('settings', reader.key)).body).toMatchObject({
      effective: { may_enter: false, why_not: ["the key's scope is read"] },
    });
  });
  it('answers a hundred requests a minute, and says how many are left', async () => {
    const busy = await desk.newClient('busy');
    const answers: Awaited<ReturnType<typeof rest>>[] = [];
    // some at a time: where Redis has no time for all of them, a copy counts the rest alone
    while (answers.length < 105)
      answers.push(
        ...(await Promise.all(Array.from({ length: 15 }, () => rest('settings', busy.key)))),
      );
    const statuses = answers.map(({ response }) => response.status);
    expect(statuses.toSorted()).toEqual([...Array(100).fill(200), ...Array(5).fill(429)]);
    const { response } = answers.find(({ response: { status } }) => status === 429)!;
    expect(response.headers.get('ratelimit-limit')).toBe('100');
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await rest('settings', ann.key)).response.status).toBe(200);
  });
});
