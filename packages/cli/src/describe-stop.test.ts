import { describe, expect, it } from '@jest/globals';
import { describeStop, type Stop, type Touched } from './describe-stop.ts';

const touched: Touched = {
  status: { trading_state: 'active', reason: 'armed' },
  positions: [
    { symbol: 'AAA', qty: '100', direction: 'long' },
    { symbol: 'BBB', qty: '20', direction: 'long' },
  ],
  entries: [{ symbol: 'CCC', qty: '5', side: 'buy' }],
};

describe('what a stop says that it touches', () => {
  it.each<[Stop, string[]]>([
    [
      'pause',
      [
        'nothing new is entered until you resume',
        '1 entry at the broker (CCC 5): may still fill',
        '2 positions (AAA 100, BBB 20): keep their stops; the day goes on and closes them',
      ],
    ],
    [
      'cancel',
      [
        '1 entry at the broker (CCC 5): cancelled',
        '2 positions (AAA 100, BBB 20): keep their stops',
        'new entries may follow: pause or halt ends that',
      ],
    ],
    [
      'halt',
      [
        'nothing new is entered until you resume',
        '1 entry at the broker (CCC 5): cancelled',
        '2 positions (AAA 100, BBB 20): keep their stops; flatten sells',
      ],
    ],
    [
      'flatten',
      [
        'nothing new is entered until you resume',
        '1 entry at the broker (CCC 5): cancelled',
        '2 positions (AAA 100, BBB 20): closed at market',
      ],
    ],
  ])('%s', (stop, lines) => {
    expect(describeStop(stop, touched).split('\n')).toEqual([
      `${stop} (trading is active: armed)`,
      ...lines.map((line) => `  ${line}`),
    ]);
  });

  it('is said of nothing too', () => {
    expect(describeStop('flatten', { ...touched, positions: [], entries: [] })).toMatch(
      /no entry waits at the broker\n {2}nothing is held$/,
    );
  });
});
