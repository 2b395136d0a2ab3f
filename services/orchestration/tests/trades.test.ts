import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { call, fleet, serveMcp } from './serve-mcp.ts';

serveMcp();

describe('a trade', () => {
  it('is previewed first and executed once, however often it is confirmed', async () => {
    const preview = await call('execute_trade', { symbol: 'ACME', side: 'buy', quantity: 100 });
    expect(preview.data).toMatchObject({
      status: 'confirmation_required',
      proposal: { symbol: 'ACME', qty: '100', notional_usd: '4510.00', risk_usd: '110.00' },
      mode: 'replay',
    });
    expect(fleet.sent).toEqual([]);
    const { preview_id } = preview.data as unknown as { preview_id: string };
    expect(preview.text).toContain(preview_id);
    const [first, second] = await Promise.all([
      call('execute_trade', { preview_id }),
      call('execute_trade', { preview_id, symbol: 'ACME', side: 'buy', qty: '100' }),
    ]);
    expect([first.data.status, second.data.status]).toEqual(['filled', 'filled']);
    expect(first.text).toBe(
      'Filled: buy 100 ACME, limit 45.20 (order entry-ACME), 100 of 100 filled at 45.12.',
    );
    expect(fleet.sent).toEqual(['ACME']);
  });
  it('is not confirmed in other words than it was previewed', async () => {
    const { preview_id } = (await call('execute_trade', { symbol: 'CRUX', side: 'buy', qty: '10' }))
      .data as unknown as { preview_id: string };
    const other = await call('execute_trade', {
      preview_id,
      symbol: 'BOLT',
      side: 'sell',
      quantity: 500,
    });
    expect(other).toMatchObject({ isError: true, data: { error: { code: 'INVALID_REQUEST' } } });
    expect(other.text).toContain(
      'symbol BOLT (previewed: CRUX), side sell (previewed: buy), qty 500 (previewed: 10)',
    );
    expect(fleet.sent).not.toContain('CRUX');
  });
  it('that risk refuses is an answer with its numbers, not an error, and has nothing to confirm', async () => {
    const { data, isError, text } = await call('execute_trade', {
      symbol: 'ACME',
      side: 'buy',
      quantity: 5000,
    });
    expect([isError, data.status, data.code, data.preview_id]).toEqual([
      undefined,
      'refused',
      'POSITION_SIZE_LIMIT',
      undefined,
    ]);
    expect(text).toContain('443');
  });
  it('has the side buy or sell, in any case, and nothing else', async () => {
    for (const side of ['long', 'short', 'b'])
      expect(
        (await call('execute_trade', { symbol: 'ACME', side, quantity: 1 })).data,
      ).toMatchObject({ error: { code: 'INVALID_REQUEST' } });
    expect(
      (
        await call('execute_trade', {
          symbol: 'acme',
          side: 'BUY',
          quantity: '10',
          stop_price: null,
          preview_id: '',
        })
      ).data,
    ).toMatchObject({ status: 'confirmation_required', proposal: { qty: '10' } });
    for (const quantity of ['1,500', '0x5dc', ' 1500', '1e3x'])
      expect(
        (await call('execute_trade', { symbol: 'ACME', side: 'buy', quantity })).text,
      ).toContain('not right: quantity: expected a number such as 1500');
  });
  it('is never said to be done when the broker did not take it: its own words are told', async () => {
    const confirm = async (symbol: string) => {
      const preview = await call('execute_trade', { symbol, side: 'buy', quantity: 10 });
      return call('execute_trade', { preview_id: preview.data.preview_id });
    };
    fleet.setFate({ status: 'refused', reason: '422 insufficient buying power' });
    const refused = await confirm('REFU');
    expect(refused.data.status).toBe('refused');
    expect(refused.text).toMatch(
      /nothing was bought or sold: buy REFU\..*\n(.*\n)*REFU entry: .*422 insufficient buying/,
    );
    fleet.setFate({ status: 'rejected', reason: 'the symbol is halted' });
    const rejected = await confirm('REJE');
    expect(rejected.data.status).toBe('rejected');
    expect(rejected.text).toMatch(/nothing filled\.\n(.*\n)*REJE entry: the symbol is halted/);
    fleet.setFate({ status: 'intended' });
    expect((await confirm('SENT')).data.status).toBe('sent');
  });
  it('waits two seconds for the fill, and tells of one that comes meanwhile', async () => {
    fleet.setFate({ status: 'new' });
    const { preview_id } = (
      await call('execute_trade', { symbol: 'SLOW', side: 'buy', quantity: 10 })
    ).data;
    const began = performance.now();
    const accepted = await call('execute_trade', { preview_id });
    expect(accepted.data.status).toBe('accepted');
    expect(accepted.text).toContain('Accepted by the broker (new), not filled yet: buy 10 SLOW');
    expect(performance.now() - began).toBeGreaterThan(1900);
    const again = call('execute_trade', { preview_id });
    fleet.changeFate({ status: 'filled', filled_avg_price: '45.19' });
    expect((await again).text).toContain('10 of 10 filled at 45.19');
  });
  it.each(['1.5', 0.25, '0.0000000000001', '10.000000001'])(
    'of %s shares is refused in the preview: an order with a stop takes no fraction',
    async (quantity) => {
      expect(
        (await call('execute_trade', { symbol: 'ACME', side: 'buy', quantity })).text,
      ).toContain('not right: quantity: qty must be whole shares');
    },
  );
  it('with an unknown preview is a tool error with the code of its owner', async () => {
    expect(await call('execute_trade', { preview_id: randomUUID() })).toMatchObject({
      isError: true,
      data: { error: { code: 'NOT_FOUND' } },
    });
  });
});
