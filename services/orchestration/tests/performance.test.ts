import { describe, expect, it } from '@jest/globals';
import { call, client, serveMcp } from './serve-mcp.ts';

serveMcp();

describe('how we did today', () => {
  it('leads with the equity, tells what is realised and what is open, and what is not there yet', async () => {
    const { text, data } = await call('get_performance_report');
    expect(text.split('\n')).toEqual([
      '2026-03-10, as it stands today: the equity changed by +$310.00.',
      'Realised +$220.00 on 1 closed trade (1 won, 0 lost).',
      'Unrealised +$90.00 in 1 open position.',
      expect.stringContaining('Win rate 100 %'),
      "Not there yet: the day's report, with its verdict and whether the books agree with the broker.",
    ]);
    expect(data).toMatchObject({
      performance: { equity_change_usd: '310.00', open: { positions: 1 } },
      report: null,
    });
  });
  it('is about today, though a later day is opened already, in the resources too', async () => {
    for (const uri of ['catalyst://performance/daily', 'catalyst://performance/weekly']) {
      const [content] = (await client.readResource({ uri })).contents;
      expect(JSON.parse((content as { text: string }).text)).toMatchObject({
        performance: { to: '2026-03-10', equity_change_usd: '310.00' },
      });
    }
    expect((await call('get_performance_report', { trade_date: '2026-12-24' })).text).toBe(
      'INVALID_REQUEST: there is nothing to tell of 2026-12-24 yet: today is 2026-03-10',
    );
  });
  it('is told of an earlier day without what is open now', async () => {
    const { text } = await call('get_performance_report', { trade_date: '2026-03-09' });
    expect(text).toContain('2026-03-09: the equity changed by +$310.00.');
    expect(text).toContain('The day was never reported.');
    expect(text).not.toContain('open position');
    expect(
      (await call('get_performance_report', { trade_date: '2026-03-08' })).text.split('\n'),
    ).toEqual([
      '2026-03-08: the account was not read, so the change of its equity is not known.',
      'The desk had no session on that day.',
      expect.any(String),
      expect.any(String),
    ]);
  });
});
