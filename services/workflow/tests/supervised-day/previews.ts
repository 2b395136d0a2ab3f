import { expect, it } from '@jest/globals';
import { at } from '../fixture-fleet/script.ts';
import { requestId, type SupervisedDay } from './supervised-day.ts';

/** What a person is shown of a trade that the person has in mind, and which trades are refused. */
export const previews = (day: SupervisedDay): void => {
  it('previews a trade that a person has in mind, once per request, and sends nothing', async () => {
    const body = {
      symbol: 'NEW',
      side: 'buy' as const,
      by: 'ann',
      request_id: requestId('preview'),
    };
    const proposal = await day.workflow().previewTrade({ body });
    expect(proposal).toMatchObject({
      origin: 'person',
      symbol: 'NEW',
      direction: 'long',
      qty: '100',
      entry_price: '50.1',
      stop_price: '49',
      target_price: '52.3',
      state: 'waiting',
      expires_at: at('10:46'),
      verdict: { verdict: 'approved' },
    });
    expect(proposal.summary).toBe(
      'Buy 100 NEW at about 50.10 (limit 50.20): costs $5,010.00 and can lose $110.00 at the stop 49.00, target 52.30; risk approves.',
    );
    expect(await day.workflow().previewTrade({ body })).toEqual(proposal);
    expect(day.fleet.callsTo('submitOrder')).toHaveLength(1);
  });
  it('shows the refusal of a trade that risk would not take, and never sends it', async () => {
    day.fleet.script.refusals = { BAD: 'SECTOR_SHARE' };
    const { proposal_id, state, verdict } = await day.workflow().previewTrade({
      body: { symbol: 'BAD', side: 'buy', qty: '10', by: 'ann', request_id: requestId('bad') },
    });
    expect([state, verdict.verdict]).toEqual(['refused', 'refused']);
    expect(
      await day.workflow().executeProposal({ params: { proposal_id }, body: { by: 'ann' } }),
    ).toMatchObject({ state: 'refused', outcome: 'SECTOR_SHARE: five positions are held' });
    expect(day.fleet.callsTo('submitOrder')).toHaveLength(1);
  });
  it('executes what was previewed with the limit that was shown, wherever the price has gone since', async () => {
    const { proposal_id, ...shown } = await day.workflow().previewTrade({
      body: { symbol: 'KEPT', side: 'buy', by: 'ann', request_id: requestId('kept') },
    });
    expect(shown.summary).toContain('(limit 50.20)');
    day.fleet.script.quote = { bid_price: '51.48', ask_price: '51.5' };
    await day.workflow().executeProposal({ params: { proposal_id }, body: { by: 'ann' } });
    day.fleet.script.quote = { bid_price: '50.08', ask_price: '50.1' };
    const { symbol, qty, entry_price, stop_price, target_price } = shown;
    expect(day.fleet.callsTo('submitOrder').at(-1)).toMatchObject({
      body: {
        intent: { symbol, qty, entry_price, limit_price: '50.2', stop_price, target_price },
      },
    });
  });
  it('refuses a fraction of a share, which no order with a stop and a target may have', async () => {
    const asked = { symbol: 'NEW', side: 'buy' as const, by: 'ann' };
    for (const qty of ['1.5', '0.000000000001', '10.000000001'])
      await expect(
        day.workflow().previewTrade({
          body: { ...asked, qty, request_id: requestId(`fraction ${qty}`) },
        }),
      ).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        message: expect.stringContaining('qty must be whole shares'),
      });
  });
  it('refuses to sell what is held long and names the tool that closes it', async () => {
    await expect(
      day.workflow().previewTrade({
        body: { symbol: 'AAA', side: 'sell', by: 'ann', request_id: requestId('sell') },
      }),
    ).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('close_position'),
    });
  });
  it('reviews a sale of what is not held as a short', async () => {
    day.fleet.script.refusals = { SHRT: 'SHORT_NOT_ALLOWED' };
    expect(
      await day.workflow().previewTrade({
        body: { symbol: 'SHRT', side: 'sell', by: 'ann', request_id: requestId('short') },
      }),
    ).toMatchObject({
      direction: 'short',
      entry_price: '50.08',
      stop_price: '51.08',
      state: 'refused',
      verdict: { code: 'SHORT_NOT_ALLOWED' },
    });
  });
  it('knows no price of a symbol that nobody quotes', async () => {
    await expect(
      day.workflow().previewTrade({
        body: { symbol: 'GHOST', side: 'buy', by: 'ann', request_id: requestId('ghost') },
      }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_SYMBOL' });
  });
  it('refuses a stop on the wrong side', async () => {
    await expect(
      day.workflow().previewTrade({
        body: {
          symbol: 'NEW',
          side: 'buy',
          stop_price: '51',
          by: 'ann',
          request_id: requestId('stop'),
        },
      }),
    ).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('below the entry'),
    });
  });
};
