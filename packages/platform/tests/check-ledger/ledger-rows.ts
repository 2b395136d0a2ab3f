import { checkLedger, type LedgerRow } from '../../src/ledger/index.ts';

export const at = (minute: number): string =>
  new Date(Date.UTC(2026, 2, 10, 14, minute)).toISOString();
export const rowsOf = (
  ...rows: (Record<string, unknown> & { kind: string; minute?: number })[]
): LedgerRow[] =>
  rows.map(({ minute = 0, ...fields }, index) => ({
    seq: index + 1,
    at: at(minute),
    account_number: 'SIM000001',
    ...fields,
  }));

export const order = (id: string, fields: object = {}) => ({
  id,
  client_order_id: `client-${id}`,
  symbol: 'ACME',
  side: 'buy',
  type: 'market',
  order_class: 'simple',
  status: 'new',
  qty: '100',
  filled_qty: '0',
  limit_price: null,
  replaces: null,
  legs: null,
  ...fields,
});
export const request = (id: string) => ({
  kind: 'request',
  method: 'POST',
  url: '/v2/orders',
  body: { client_order_id: `client-${id}`, symbol: 'ACME' },
});
export const answer = (request: number, status = 200) => ({ kind: 'answer', request, status });
export const fill = (id: string, qty: string, price: string, fields: object = {}) => ({
  kind: 'fill',
  order_id: id,
  execution_id: `${id}-${qty}-${price}`,
  symbol: 'ACME',
  side: 'buy',
  qty,
  price,
  ...fields,
});
export const account = (cash: string, qty?: string) => ({
  kind: 'account',
  cash,
  positions: qty === undefined ? [] : [{ symbol: 'ACME', qty }],
});
export const stop = (id: string, fields: object = {}) =>
  order(id, { side: 'sell', type: 'stop', ...fields });
export const update = (one: object, minute = 0) => ({
  kind: 'update',
  update: { order: one },
  minute,
});

export const rulesBroken = (rows: LedgerRow[], rules = {}) =>
  checkLedger(rows, rules).map(({ rule, seq }) => `${rule} at ${seq}`);
