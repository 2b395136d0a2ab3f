import { describe, expect, it } from '@jest/globals';
import { whatIfStopped } from './what-if-stopped.ts';

const held = (symbol: string, over: object = {}) => ({
  position_id: symbol,
  symbol,
  qty: '100',
  direction: 'long' as const,
  entry_price: '50',
  last_price: '52.25',
  ...over,
});
const stop = (position_id: string, stop_price: string) => ({
  position_id,
  role: 'stop' as const,
  stop_price,
});

describe('what every stop hit would cost', () => {
  it('is counted from the last price and from the entry, long and short', () => {
    expect(
      whatIfStopped(
        [held('AAA'), held('BBB', { direction: 'short', qty: '10', last_price: '48' })],
        [stop('AAA', '49'), stop('BBB', '51.5')],
      ),
    ).toEqual({
      stops: [
        {
          symbol: 'AAA',
          qty: '100',
          stop_price: '49',
          from_now_usd: '-325.00',
          from_entry_usd: '-100.00',
        },
        {
          symbol: 'BBB',
          qty: '10',
          stop_price: '51.5',
          from_now_usd: '-35.00',
          from_entry_usd: '-15.00',
        },
      ],
      from_now_usd: '-360',
      without_stop: [],
    });
  });

  it('is a gain where the stop was moved above the entry', () => {
    const { stops } = whatIfStopped([held('AAA')], [stop('AAA', '51')]);
    expect(stops[0]).toMatchObject({ from_now_usd: '-125.00', from_entry_usd: '100.00' });
  });

  it('has no bound where no stop works at the broker, and says for which', () => {
    expect(
      whatIfStopped(
        [held('AAA'), held('BBB')],
        [stop('AAA', '50'), { position_id: 'BBB', role: 'target' as const, stop_price: null }],
      ),
    ).toMatchObject({ from_now_usd: '-225', without_stop: ['BBB'] });
  });

  it('leaves out what is not bought yet', () => {
    expect(whatIfStopped([held('AAA', { qty: '0' })], []).without_stop).toEqual([]);
  });
});
