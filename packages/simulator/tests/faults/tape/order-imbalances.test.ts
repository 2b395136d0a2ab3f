import { describe, expect, it } from '@jest/globals';
import { CLOSE, flat, OPEN, security, smallDay } from '../../small-day.ts';
import { testTape, told, within } from './followed-tape.ts';

const { start, follow, step } = testTape();

describe('order imbalances', () => {
  it('are told once a minute during a volatility pause, at the last price, and never during another halt', async () => {
    await start(
      smallDay({
        bars: { ACME: flat(OPEN, CLOSE, 100), ZED: flat(OPEN, CLOSE, 50) },
        securities: [security('ACME'), security('ZED', { exchange: 'NYSE' })],
        events: [
          { symbol: 'ACME', kind: 'halt', from_minute: 605, to_minute: 608 },
          { symbol: 'ZED', kind: 'halt', from_minute: 605, to_minute: 625 },
        ],
      }),
      { at: '10:00' },
    );
    const stream = await follow('/v2/sip', { imbalances: ['*'] });
    await step(stream, '20:00');
    expect(told(stream, 'i')).toEqual(
      ['05', '06', '07'].map((minute) => ({
        T: 'i',
        S: 'ACME',
        p: 100,
        z: 'C',
        t: within(`14:${minute}:00.000`),
      })),
    );
  });
});
