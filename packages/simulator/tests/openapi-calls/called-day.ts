import { bar, flat, OPEN, security, smallDay } from '../small-day.ts';

const news = (id: number, fields: Record<string, unknown> = {}) => ({
  id,
  created_at: '2026-03-10T12:00:00Z',
  updated_at: '2026-03-10T12:00:05Z',
  headline: 'Acme wins a contract',
  summary: '',
  content: '<p>Acme wins.</p>',
  author: 'A. Writer',
  source: 'northwire',
  url: 'https://news.example/1',
  symbols: ['ACME'],
  ...fields,
});

/** The day on which the calls are made. */
export const day = smallDay({
  bars: {
    ACME: [...flat(500, 505, 100, 500), ...flat(OPEN, 700, 100), bar(700, 100, 105, 100, 104)],
    OTHR: flat(OPEN, 700, 0.5),
  },
  securities: [
    security('ACME'),
    security('OTHR', { exchange: 'ARCA', marginable: false, easy_to_borrow: false }),
  ],
  news: [news(1), news(2, { headline: 'No summary, no url', url: '', author: '' })] as never,
  corporate_actions: [
    {
      symbol: 'ACME',
      type: 'cash_dividend',
      ex_date: '2026-03-10',
      new_rate: null,
      old_rate: null,
      cash: '0.5',
    },
    {
      symbol: 'OTHR',
      type: 'reverse_split',
      ex_date: '2026-03-09',
      new_rate: '1',
      old_rate: '10',
      cash: null,
    },
    {
      symbol: 'ACME',
      type: 'forward_split',
      ex_date: '2026-02-09',
      new_rate: '2',
      old_rate: '1',
      cash: null,
    },
  ],
});
