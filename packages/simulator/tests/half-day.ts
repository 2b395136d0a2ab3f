import type { Day } from '../src/day/index.ts';
import { at, bar, smallDay } from './small-day.ts';

const article = (id: number, clock: string, symbols: string[]) => ({
  id,
  created_at: at(clock).replace('.000Z', 'Z'),
  updated_at: at(clock).replace('.000Z', 'Z'),
  headline: `story ${id}`,
  summary: 'a "quoted": word',
  content: '{"headline": "twice"}',
  author: '',
  source: 'wire',
  url: '',
  symbols,
});

/** Two stocks on a half day, a little of everything. */
export const halfDay: Day = {
  ...smallDay({
    trade_date: '2026-03-10',
    calendar: [
      { date: '2026-03-06', open: '09:30', close: '16:00' },
      { date: '2026-03-09', open: '09:30', close: '16:00' },
      { date: '2026-03-10', open: '09:30', close: '13:00' },
      { date: '2026-03-11', open: '09:30', close: '16:00' },
    ],
    bars: {
      ACME: [
        bar(570, 100, 101, 99, 100),
        bar(571, 100, 100.5, 99.5, 100),
        bar(779, 100, 100.5, 99.5, 100),
      ],
      BETA: [bar(600, 20, 20, 20, 20)],
    },
    events: [{ symbol: 'BETA', kind: 'halt', from_minute: 640, to_minute: 650 }],
    news: [article(1, '08:00', ['ACME']), article(2, '09:00', ['BETA', 'ACME'])],
    corporate_actions: [
      {
        symbol: 'ACME',
        type: 'forward_split',
        ex_date: '2026-03-09',
        new_rate: '2',
        old_rate: '1',
        cash: null,
      },
      {
        symbol: 'BETA',
        type: 'cash_dividend',
        ex_date: '2026-03-09',
        new_rate: null,
        old_rate: null,
        cash: '0.1',
      },
    ],
  }),
  notes: ['by hand'],
};
