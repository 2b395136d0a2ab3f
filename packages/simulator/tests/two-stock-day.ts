import type { Day } from '../src/day/index.ts';

/** A day of two stocks with something in each of its files. */
export const twoStockDay: Day = {
  dir: '',
  trade_date: '2026-03-10',
  kind: 'generated',
  seed: 7,
  description: 'Two stocks',
  notes: ['A "quoted" note, with a comma'],
  refused_bars: [],
  calendar: [
    { date: '2026-03-06', open: '09:30', close: '16:00' },
    { date: '2026-03-09', open: '09:30', close: '16:00' },
    { date: '2026-03-10', open: '09:30', close: '16:00' },
    { date: '2026-03-11', open: '09:30', close: '13:00' },
  ],
  securities: [
    {
      symbol: 'QQAA',
      name: 'Alder, Beech "and" Co., Inc.',
      exchange: 'NASDAQ',
      sector: 'Energy',
      tradable: true,
      shortable: true,
      easy_to_borrow: false,
      marginable: true,
      fractionable: true,
    },
    {
      symbol: 'QQBB',
      name: 'Birch',
      exchange: 'NYSE',
      sector: null,
      tradable: true,
      shortable: false,
      easy_to_borrow: false,
      marginable: true,
      fractionable: false,
    },
  ],
  minute_bars: new Map([
    [
      'QQAA',
      [
        {
          minute: 570,
          open: 10,
          high: 10.2,
          low: 9.99,
          close: 10.1,
          volume: 1200,
          trade_count: 12,
          vwap: 10.0512,
        },
        {
          minute: 571,
          open: 10.1,
          high: 10.1,
          low: 10,
          close: 10.05,
          volume: 800,
          trade_count: 9,
          vwap: 10.05,
        },
      ],
    ],
    [
      'QQBB',
      [
        {
          minute: 600,
          open: 645.57,
          high: 645.57,
          low: 640,
          close: 641,
          volume: 1,
          trade_count: 1,
          vwap: 641,
        },
      ],
    ],
  ]),
  daily_bars: new Map([
    [
      'QQAA',
      [
        { date: '2026-03-06', open: 9, high: 9.5, low: 8.9, close: 9.2, volume: 1_000_000 },
        { date: '2026-03-09', open: 9.2, high: 10, low: 9.1, close: 9.9, volume: 1_100_000 },
      ],
    ],
  ]),
  volume_profile: new Map([
    [
      'QQAA',
      Array.from({ length: 1440 }, (_, minute) =>
        minute >= 570 && minute < 573 ? 1000.5 + minute : 0,
      ),
    ],
  ]),
  corporate_actions: [
    {
      symbol: 'QQAA',
      type: 'forward_split',
      ex_date: '2026-03-10',
      new_rate: '7',
      old_rate: '1',
      cash: null,
    },
    {
      symbol: 'QQBB',
      type: 'cash_dividend',
      ex_date: '2026-03-09',
      new_rate: null,
      old_rate: null,
      cash: '0.32',
    },
  ],
  news: [
    {
      id: 5,
      created_at: '2026-03-10T11:00:00Z',
      updated_at: '2026-03-10T11:00:30Z',
      headline: 'One',
      summary: '<b>two</b>\nlines',
      content: '',
      author: 'A',
      source: 'wire',
      url: 'https://news.example/5',
      symbols: ['QQAA'],
    },
    {
      id: 6,
      created_at: '2026-03-10T12:00:00Z',
      updated_at: '2026-03-10T12:00:00Z',
      headline: 'Two',
      summary: '',
      content: '',
      author: '',
      source: 'wire',
      url: '',
      symbols: [],
    },
  ],
  events: [{ symbol: 'QQBB', kind: 'halt', from_minute: 640, to_minute: 650 }],
};
