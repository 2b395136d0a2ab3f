import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawPng } from '../../adapters/draw-png.ts';
import { equityChart, ticks } from './equity-chart.ts';

const at = (minute: number) =>
  new Date(Date.parse('2026-03-10T13:30:00Z') + minute * 60_000).toISOString();

describe('the equity curve', () => {
  it('is drawn for any account, flat and falling ones and a single reading included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 900_000_000 }), { maxLength: 20 }),
        (cents) => {
          const svg = equityChart(
            cents.map((value, index) => ({ at: at(index), equity_usd: (value / 100).toFixed(2) })),
          );
          expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        },
      ),
    );
    expect(
      equityChart([0, 1, 2].map((minute) => ({ at: at(minute), equity_usd: '100000' }))),
    ).not.toContain('NaN');
  });
  it('becomes a picture without a font of the machine', () => {
    const png = drawPng(
      equityChart([
        { at: at(0), equity_usd: '100000' },
        { at: at(390), equity_usd: '100412.37' },
      ]),
    );
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });
  it('has round values on its axis', () => {
    expect(ticks(99_930, 100_420)).toEqual([100_000, 100_200, 100_400]);
    expect(ticks(99.2, 101.1)).toEqual([99.5, 100, 100.5, 101]);
  });
});
