import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { openAccount, type OpenAccount } from './open-account.ts';
import { bar, flat, OPEN, security, smallDay } from './small-day.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const reference = join(process.env.REFERENCE_DATA ?? join(root, '../shared/data'), 'alpaca');
const isPresent = existsSync(join(reference, 'trading-api.json'));
if (!isPresent) console.warn(`left out: no answer is held against Alpaca's specifications, since ${reference} is absent (set REFERENCE_DATA)`);

interface Specification {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, { schema: unknown }> }> }>>;
}

/** Finds the schema that a specification gives for an answer. */
const createValidators = () => {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  const load = (name: string): Specification => {
    const specification = JSON.parse(readFileSync(join(reference, `${name}.json`), 'utf8')) as Specification;
    ajv.addSchema(specification, name);
    return specification;
  };
  const specifications = { 'trading-api': load('trading-api'), 'market-data-api': load('market-data-api') };
  return (name: keyof typeof specifications, method: string, path: string, status: number): ValidateFunction => {
    const response = specifications[name].paths[path]?.[method]?.responses[String(status)];
    const pointer = ['paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema'].map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    if (!response?.content) throw new Error(`${name} describes no ${status} answer to ${method} ${path}`);
    return ajv.compile({ $ref: `${name}#/${pointer}` });
  };
};

const news = (id: number, fields: Record<string, unknown> = {}) => ({
  id, created_at: '2026-03-10T12:00:00Z', updated_at: '2026-03-10T12:00:05Z', headline: 'Acme wins a contract', summary: '', content: '<p>Acme wins.</p>',
  author: 'A. Writer', source: 'northwire', url: 'https://news.example/1', symbols: ['ACME'], ...fields,
});

const day = smallDay({
  bars: { ACME: [...flat(500, 505, 100, 500), ...flat(OPEN, 700, 100), bar(700, 100, 105, 100, 104)], OTHR: flat(OPEN, 700, 0.5) },
  securities: [security('ACME'), security('OTHR', { exchange: 'ARCA', marginable: false, easy_to_borrow: false })],
  news: [news(1), news(2, { headline: 'No summary, no url', url: '', author: '' })] as never,
  corporate_actions: [
    { symbol: 'ACME', type: 'cash_dividend', ex_date: '2026-03-10', new_rate: null, old_rate: null, cash: '0.5' },
    { symbol: 'OTHR', type: 'reverse_split', ex_date: '2026-03-09', new_rate: '1', old_rate: '10', cash: null },
    { symbol: 'ACME', type: 'forward_split', ex_date: '2026-02-09', new_rate: '2', old_rate: '1', cash: null },
  ],
});

(isPresent ? describe : describe.skip)("every answer validates against Alpaca's own specification", () => {
  const validator = isPresent ? createValidators() : null;
  let account: OpenAccount;
  let entry: string;

  const holds = async (api: 'trading-api' | 'market-data-api', method: string, path: string, asked: string, status = 200, body?: unknown) => {
    const answer = await account.request(method.toUpperCase(), asked, body);
    expect(answer.status).toBe(status);
    const validate = validator!(api, method, path, status);
    validate(answer.body);
    expect(validate.errors).toBeNull();
    return answer.body;
  };

  beforeAll(async () => {
    account = await openAccount(day);
    await account.step('10:00');
    const { body } = await account.place({ order_class: 'bracket', take_profit: { limit_price: '104' }, stop_loss: { stop_price: '98' }, client_order_id: 'entry' });
    entry = body.id;
    await account.step('10:01');
    await account.place({ symbol: 'OTHR', type: 'limit', limit_price: '0.4999', client_order_id: 'waiting' });
    await account.place({ symbol: 'OTHR', side: 'sell', qty: '1000', type: 'trailing_stop', trail_percent: '10' });
  });
  afterAll(() => account.close());

  it.each([
    ['/v2/account', '/v2/account'],
    ['/v2/account/configurations', '/v2/account/configurations'],
    ['/v2/account/portfolio/history', '/v2/account/portfolio/history?timeframe=1Min'],
    ['/v2/account/activities', '/v2/account/activities'],
    ['/v2/account/activities/{activity_type}', '/v2/account/activities/FILL'],
    ['/v2/orders', '/v2/orders?status=all&nested=true'],
    ['/v2/orders', '/v2/orders'],
    ['/v2/orders:by_client_order_id', '/v2/orders:by_client_order_id?client_order_id=entry'],
    ['/v2/positions', '/v2/positions'],
    ['/v2/positions/{symbol_or_asset_id}', '/v2/positions/ACME'],
    ['/v2/assets', '/v2/assets?status=active&asset_class=us_equity'],
    ['/v2/assets/{symbol_or_asset_id}', '/v2/assets/OTHR'],
    ['/v2/clock', '/v2/clock'],
    ['/v2/calendar', '/v2/calendar?start=2026-03-01&end=2026-03-31'],
  ])('GET %s as %s', async (path, asked) => {
    const body = await holds('trading-api', 'get', path, asked);
    if (Array.isArray(body)) expect(body.length).toBeGreaterThan(0);
  });

  it.each([
    ['/v2/stocks/bars', '/v2/stocks/bars?symbols=ACME,OTHR&timeframe=1Min&limit=5'],
    ['/v2/stocks/bars', '/v2/stocks/bars?symbols=ACME,OTHR&timeframe=5Min&start=2026-03-05&limit=10000'],
    ['/v2/stocks/bars', '/v2/stocks/bars?symbols=ACME,OTHR&timeframe=1Day&start=2026-02-01&adjustment=all'],
    ['/v2/stocks/{symbol}/bars', '/v2/stocks/ACME/bars?timeframe=15Min'],
    ['/v2/stocks/bars/latest', '/v2/stocks/bars/latest?symbols=ACME,OTHR'],
    ['/v2/stocks/{symbol}/bars/latest', '/v2/stocks/ACME/bars/latest'],
    ['/v2/stocks/quotes/latest', '/v2/stocks/quotes/latest?symbols=ACME,OTHR,GONE'],
    ['/v2/stocks/{symbol}/quotes/latest', '/v2/stocks/ACME/quotes/latest'],
    ['/v2/stocks/trades/latest', '/v2/stocks/trades/latest?symbols=ACME,OTHR'],
    ['/v2/stocks/{symbol}/trades/latest', '/v2/stocks/OTHR/trades/latest'],
    ['/v2/stocks/snapshots', '/v2/stocks/snapshots?symbols=ACME,OTHR'],
    ['/v2/stocks/{symbol}/snapshot', '/v2/stocks/ACME/snapshot'],
    ['/v1beta1/screener/stocks/most-actives', '/v1beta1/screener/stocks/most-actives?by=volume&top=100'],
    ['/v1beta1/news', '/v1beta1/news?symbols=ACME'],
    ['/v1beta1/news', '/v1beta1/news?symbols=ACME&include_content=true&limit=1'],
    ['/v1/corporate-actions', '/v1/corporate-actions?symbols=ACME,OTHR&start=2026-01-01&end=2026-03-10'],
  ])('GET %s as %s', async (path, asked) => {
    await holds('market-data-api', 'get', path, asked);
  });

  it('POST, PATCH and DELETE of orders, and the closing of positions', async () => {
    const placed = await holds('trading-api', 'post', '/v2/orders', '/v2/orders', 200, { symbol: 'ACME', qty: '5', side: 'sell', type: 'limit', limit_price: '120', time_in_force: 'day', order_class: 'simple' }).catch(() => null);
    expect(placed).toBeNull();
    const other = await holds('trading-api', 'post', '/v2/orders', '/v2/orders', 200, { symbol: 'OTHR', qty: '5', side: 'buy', type: 'limit', limit_price: '0.45', time_in_force: 'gtc' });
    await holds('trading-api', 'get', '/v2/orders/{order_id}', `/v2/orders/${entry}?nested=true`);
    await holds('trading-api', 'patch', '/v2/orders/{order_id}', `/v2/orders/${other.id}`, 200, { limit_price: '0.44', qty: '6' });
    const canceled = await holds('trading-api', 'delete', '/v2/orders', '/v2/orders', 207);
    expect(canceled.length).toBeGreaterThan(1);
    await holds('trading-api', 'delete', '/v2/positions/{symbol_or_asset_id}', '/v2/positions/ACME?qty=10');
    const closed = await holds('trading-api', 'delete', '/v2/positions', '/v2/positions?cancel_orders=true', 207);
    expect(closed).toMatchObject([{ symbol: 'ACME', status: 200 }]);
    for (const { order } of account.updates()) {
      const validate = validator!('trading-api', 'get', '/v2/orders/{order_id}', 200);
      validate(order);
      expect(validate.errors).toBeNull();
    }
  });
});
