import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openAccount, type OpenAccount } from './open-account.ts';
import { flat, OPEN, security, smallDay } from './small-day.ts';

let account: OpenAccount;
beforeEach(async () => {
  account = await openAccount(
    smallDay({
      bars: { ACME: flat(OPEN, 660, 100) },
      securities: [security('ACME')],
      corporate_actions: [
        {
          symbol: 'ACME',
          type: 'cash_dividend',
          ex_date: '2026-03-10',
          new_rate: null,
          old_rate: null,
          cash: '0.5',
        },
      ],
    }),
    { at: '10:00' },
  );
});
afterEach(() => account.close());

const spellings: readonly (readonly [string, (id: string) => string])[] = [
  ['without hyphens', (id) => id.replaceAll('-', '')],
  ['in capitals', (id) => id.toUpperCase()],
  ['in capitals without hyphens', (id) => id.replaceAll('-', '').toUpperCase()],
  ['in braces', (id) => encodeURIComponent(`{${id}}`)],
  ['as a URN', (id) => `urn:uuid:${id}`],
  ['as a URN in capitals', (id) => `URN:UUID:${id.toUpperCase()}`],
];

describe('an id', () => {
  it.each(spellings)('is taken %s on every path and query', async (_name, spell) => {
    const limit = { type: 'limit', limit_price: '50', qty: '1' };
    const orders = [(await account.place(limit)).body, (await account.place(limit)).body];
    const [first, second] = orders.map(({ id }) => spell(id as string));
    expect((await account.get(`/v2/orders/${first}`)).body.id).toBe(orders[0].id);
    const before = await account.get(`/v2/orders?before_order_id=${second}`);
    expect(before.body.map(({ id }: { id: string }) => id)).toEqual([orders[0].id]);
    const after = await account.get(`/v2/orders?after_order_id=${first}`);
    expect(after.body.map(({ id }: { id: string }) => id)).toEqual([orders[1].id]);
    const replaced = await account.request('PATCH', `/v2/orders/${first}`, { limit_price: '51' });
    expect([replaced.status, replaced.body.replaces]).toEqual([200, orders[0].id]);
    expect((await account.request('DELETE', `/v2/orders/${second}`)).status).toBe(204);

    const { body: asset } = await account.get('/v2/assets/ACME');
    const assetId = spell(asset.id);
    expect((await account.get(`/v2/assets/${assetId}`)).body.symbol).toBe('ACME');
    const bought = await account.place({ symbol: decodeURIComponent(assetId), qty: '1' });
    expect(bought.body.symbol).toBe('ACME');
    await account.step('10:01');
    expect((await account.get(`/v2/positions/${assetId}`)).body.symbol).toBe('ACME');

    const { body: list } = await account.request('POST', '/v2/watchlists', { name: 'one' });
    const listPath = `/v2/watchlists/${spell(list.id)}`;
    expect((await account.get(listPath)).body.id).toBe(list.id);
    const added = await account.request('POST', listPath, { symbol: decodeURIComponent(assetId) });
    expect(added.body.assets).toMatchObject([{ symbol: 'ACME' }]);
    expect((await account.request('DELETE', `${listPath}/${assetId}`)).body.assets).toEqual([]);
    expect((await account.request('DELETE', listPath)).status).toBe(204);

    const { body: told } = await account.get(
      '/v2/corporate_actions/announcements?ca_types=dividend&since=2026-03-01&until=2026-03-10',
    );
    const action = spell(told[0].id);
    expect((await account.get(`/v2/corporate_actions/announcements/${action}`)).body).toEqual(
      told[0],
    );
    const { body: chosen } = await account.get(`/v1/corporate-actions?ids=${action}`);
    expect(chosen.corporate_actions.cash_dividends).toMatchObject([{ symbol: 'ACME' }]);
  });

  it.each([
    'no-id',
    '6ba7b8109dad11d180b400c04fd430c',
    '6ba7b810-9dad11d1-80b4-00c04fd430c8-0',
    '%7B6ba7b810-9dad-11d1-80b4-00c04fd430c8',
    '%7B6ba7b8109dad11d180b400c04fd430c8%7D',
    'urn:uuid:6ba7b8109dad11d180b400c04fd430c8',
    '6ba7b810-9dad-11d1-80b4-00c04fd430g8',
  ])('in no spelling of uuid.Parse is refused: %s', async (id) => {
    expect(await account.get(`/v2/orders/${id}`)).toMatchObject({
      status: 422,
      body: { code: 40010001, message: 'order_id is missing' },
    });
    expect((await account.get(`/v2/watchlists/${id}`)).status).toBe(422);
    expect((await account.get(`/v2/assets/${id}`)).status).toBe(404);
  });
});

describe('corporate actions', () => {
  it('are served on the path of before too', async () => {
    const query = '?symbols=ACME&start=2026-03-01&end=2026-03-31';
    const { body } = await account.get(`/v1/corporate-actions${query}`);
    expect(body.corporate_actions.cash_dividends).toHaveLength(1);
    expect((await account.get(`/v1beta1/corporate-actions${query}`)).body).toEqual(body);
    expect(await account.get('/v1beta1/corporate-actions?what=1')).toMatchObject({
      status: 400,
      body: { message: 'unexpected query parameter(s): what' },
    });
  });
});
