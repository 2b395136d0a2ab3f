// An asset, a bar and an article as Alpaca answers them.

export const asset = (symbol: string, fields: Record<string, unknown> = {}) => ({
  id: 'a',
  class: 'us_equity',
  exchange: 'NASDAQ',
  symbol,
  name: `${symbol} Inc`,
  status: 'active',
  tradable: true,
  marginable: true,
  shortable: true,
  easy_to_borrow: true,
  fractionable: true,
  ...fields,
});

export const bar = (t: string, fields: Record<string, unknown> = {}) => ({
  t,
  o: 100,
  h: 101,
  l: 99,
  c: 100.5,
  v: 1_000,
  n: 10,
  vw: 100.1,
  ...fields,
});

export const article = (id: number, created: string, fields: Record<string, unknown> = {}) => ({
  id,
  headline: `story ${id}`,
  author: 'A Writer',
  created_at: created,
  updated_at: created,
  summary: ' ',
  content: '<p>text</p>',
  url: null,
  images: [],
  symbols: ['AAPL'],
  source: 'benzinga',
  ...fields,
});
