import { at, bar, flat, OPEN, CLOSE, security, smallDay } from '../small-day.ts';

/**
 * Two stocks, so much that bars and news take several pages, a dividend, and an article about a
 * stock that is not recorded.
 */
export const original = smallDay({
  bars: {
    ACME: [
      bar(480, 99, 100, 98.5, 99.75, 1_200),
      ...flat(OPEN, CLOSE, 100).map((one) =>
        one.minute === 600 ? bar(600, 100, 102, 99, 101, 50_000) : one,
      ),
    ],
    BETA: flat(OPEN, CLOSE, 20, 3_000),
    OTHER: flat(OPEN, CLOSE, 5),
  },
  securities: [
    security('ACME', { name: 'Acme, Corporation', shortable: false, easy_to_borrow: false }),
    security('BETA', { exchange: 'NYSE', fractionable: false }),
    security('OTHER'),
  ],
  news: Array.from({ length: 90 }, (_, index) => ({
    id: index + 1,
    created_at: new Date(Date.parse(at('08:00')) + index * 60_000)
      .toISOString()
      .replace('.000Z', 'Z'),
    updated_at: new Date(Date.parse(at('08:00')) + index * 60_000 + (index % 5) * 1_000)
      .toISOString()
      .replace('.000Z', 'Z'),
    headline: `story ${index}`,
    summary: index % 2 === 0 ? '' : 'a summary',
    content: '<p>all of it</p>',
    author: 'A Writer',
    source: 'northwire',
    url: `https://news.example/${index}`,
    symbols: index % 3 === 0 ? ['ACME', 'OTHER'] : index % 3 === 1 ? ['BETA'] : ['OTHER'],
  })),
  corporate_actions: [
    {
      symbol: 'ACME',
      type: 'cash_dividend',
      ex_date: '2026-02-10',
      new_rate: null,
      old_rate: null,
      cash: '0.25',
    },
  ],
});

/** What of a map by symbols is recorded where nothing else is asked. */
export const chosen = <T>(map: Map<string, T>): Map<string, T> =>
  new Map([...map].filter(([symbol]) => symbol !== 'OTHER'));
