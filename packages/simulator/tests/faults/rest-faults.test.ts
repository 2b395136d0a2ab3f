import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { LedgerRow } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { quietDay } from '../small-day.ts';

let account: OpenAccount;
afterEach(() => account.close());

const add = (fault: object) => account.request('POST', '/sim/faults', fault, {});
const ledger = async (kind?: string): Promise<LedgerRow[]> =>
  ((await account.get('/sim/ledger')).body as LedgerRow[]).filter(
    (row) => kind === undefined || row.kind === kind,
  );
const orders = async () =>
  (await account.get('/v2/orders?status=all')).body as { client_order_id: string }[];
const place = (id: string) => account.place({ client_order_id: id });
const keys = () => ({
  'APCA-API-KEY-ID': account.simulator.accounts[0]!.key_id,
  'APCA-API-SECRET-KEY': account.simulator.accounts[0]!.secret_key,
});
const raw = (timeout_ms: number) =>
  fetch(`${account.simulator.url}/v2/orders`, {
    method: 'POST',
    headers: { ...keys(), 'content-type': 'application/json' },
    body: JSON.stringify({
      symbol: 'ACME',
      qty: '1',
      side: 'buy',
      type: 'market',
      time_in_force: 'day',
      client_order_id: 'raw',
    }),
    signal: AbortSignal.timeout(timeout_ms),
  });

/** Waits until so many faults have fired. */
const fired = async (count: number): Promise<void> => {
  while ((await ledger('fault')).length < count) await setImmediate();
};

describe('a fault of an endpoint', () => {
  it("answers the n-th call with a status of choice and Alpaca's body, and the exchange never sees that call", async () => {
    account = await openAccount(quietDay([]));
    await account.step('10:00');
    expect(
      (
        await add({
          id: 'busy',
          where: { rest: 'POST /v2/orders' },
          when: { nth: 2 },
          what: { kind: 'status', status: 503 },
        })
      ).status,
    ).toBe(201);
    const answers = [await place('a'), await place('b'), await place('c')];
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 200]);
    expect(answers[1]!.body).toEqual({ code: 50310000, message: 'service unavailable' });
    expect((await orders()).map(({ client_order_id: id }) => id).sort()).toEqual(['a', 'c']);
    expect(await ledger('fault')).toMatchObject([
      {
        id: 'busy',
        place: 'rest',
        method: 'POST',
        url: '/v2/orders',
        exchange: 'never_saw',
        account_number: 'SIM000001',
      },
    ]);
    expect((await account.request('GET', '/sim/faults', undefined, {})).body).toMatchObject([
      { id: 'busy', calls: 3, fired: 1 },
    ]);
  });

  it('takes the order and fails the answer, so that only a look at the order tells', async () => {
    account = await openAccount(quietDay([]));
    await account.step('10:00');
    await add({
      where: { rest: 'POST /v2/orders' },
      when: { first: 1 },
      what: { kind: 'accept_then_fail', answer: 504 },
    });
    expect((await place('a')).status).toBe(504);
    expect((await account.get('/v2/orders:by_client_order_id?client_order_id=a')).body.status).toBe(
      'new',
    );
    const [answer] = (await ledger('answer')).filter(({ fault }) => fault !== null);
    expect(answer).toMatchObject({ status: 200, order_id: expect.any(String), fault: 'fault-1' });
    expect(await ledger('fault')).toMatchObject([{ exchange: 'did_it' }]);
  });

  it('loses a request before the exchange saw it, or the answer after it did', async () => {
    account = await openAccount(quietDay([]));
    await account.step('10:00');
    await add([
      { where: { rest: 'POST /v2/orders' }, when: { nth: 1 }, what: { kind: 'lost_request' } },
      {
        where: { rest: 'POST /v2/orders' },
        when: { nth: 2 },
        what: { kind: 'accept_then_fail', answer: 'reset' },
      },
    ]);
    await expect(raw(5_000)).rejects.toThrow('fetch failed');
    expect(await orders()).toEqual([]);
    await expect(raw(5_000)).rejects.toThrow('fetch failed');
    expect(await orders()).toMatchObject([{ client_order_id: 'raw' }]);
  });

  it('hangs until the client gives up, and the simulator closes all the same', async () => {
    account = await openAccount(quietDay([]));
    await account.step('10:00');
    await add({ where: { rest: 'POST /v2/orders' }, when: { times: 1 }, what: { kind: 'hang' } });
    await expect(raw(300)).rejects.toThrow('timeout');
    expect((await raw(5_000)).status).toBe(200);
    await add({ where: { rest: 'GET /v2/clock' }, what: { kind: 'hang', exchange: 'did_it' } });
    const hanging = expect(account.get('/v2/clock')).rejects.toThrow('fetch failed');
    await fired(2);
    await account.close();
    await hanging;
  });

  it('answers half, or garbage, of what the exchange did', async () => {
    account = await openAccount(quietDay([]));
    await account.step('10:00');
    await add([
      { where: { rest: 'GET /v2/account' }, when: { nth: 1 }, what: { kind: 'half_answer' } },
      { where: { rest: 'GET /v2/account' }, when: { nth: 2 }, what: { kind: 'garbage' } },
    ]);
    const get = () => fetch(`${account.simulator.url}/v2/account`, { headers: keys() });
    const half = await get();
    expect(half.status).toBe(200);
    await expect(half.text()).rejects.toThrow('terminated');
    const garbage = await get();
    expect(garbage.status).toBe(200);
    await expect(garbage.json()).rejects.toThrow('JSON');
    expect((await get()).ok).toBe(true);
  });

  it('delays the request or the answer', async () => {
    account = await openAccount(quietDay([]));
    await account.step('10:00');
    await add({
      where: { rest: 'POST /v2/orders' },
      when: { nth: 1 },
      what: { kind: 'delay', ms: 300 },
    });
    await add({
      where: { rest: 'POST /v2/orders' },
      when: { nth: 1 },
      what: { kind: 'delay', ms: 300, delays: 'request' },
    });
    const early = place('early');
    await fired(1);
    expect(await orders()).toHaveLength(1);
    expect((await early).status).toBe(200);
    await account.request('DELETE', '/sim/faults/fault-1', undefined, {});
    await account.request('DELETE', '/sim/faults/fault-2', undefined, {});
    await add({
      where: { rest: 'POST /v2/orders' },
      what: { kind: 'delay', ms: 3_000, delays: 'request' },
    });
    const late = place('late');
    await fired(2);
    expect(await orders()).toHaveLength(1);
    expect((await late).status).toBe(200);
  });

  it('keeps to its path, its account and its time of the day', async () => {
    account = await openAccount(quietDay([]), { accounts: 2 });
    await account.step('10:00');
    await add({
      where: { rest: '* /v2/positions/*', account: 'SIM000001' },
      when: { from: '10:05', to: '10:06' },
      what: { kind: 'status', status: 500 },
    });
    expect((await account.get('/v2/positions/ACME')).status).toBe(404);
    await account.step('10:05');
    expect((await account.get('/v2/positions')).status).toBe(200);
    expect((await account.get('/v2/positions/ACME')).status).toBe(500);
    const other = account.simulator.accounts[1]!;
    expect(
      (
        await account.request('GET', '/v2/positions/ACME', undefined, {
          'APCA-API-KEY-ID': other.key_id,
          'APCA-API-SECRET-KEY': other.secret_key,
        })
      ).status,
    ).toBe(404);
    await account.step('10:06');
    expect((await account.get('/v2/positions/ACME')).status).toBe(404);
  });

  it('hits the same calls of the same script in every run', async () => {
    const run = async (): Promise<number[]> => {
      account = await openAccount(quietDay([]));
      await add({
        id: 'shaky',
        where: { rest: 'GET /v2/clock' },
        when: { probability: 0.3 },
        what: { kind: 'status', status: 500 },
      });
      const statuses: number[] = [];
      for (let call = 0; call < 40; call += 1)
        statuses.push((await account.get('/v2/clock')).status);
      return statuses;
    };
    const first = await run();
    await account.close();
    expect(await run()).toEqual(first);
    expect(first.filter((status) => status === 500).length).toBeGreaterThan(4);
    expect(first.filter((status) => status === 500).length).toBeLessThan(24);
  });
});
