import { describe, expect, it } from '@jest/globals';
import { sha256 } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import { UNKEPT_TOOL } from './fleet-behind/callers-behind.ts';
import { POSITION_ID } from './fleet-behind/desk-rows.ts';
import { call, client, fleet, notes, serveMcp, single } from './serve-mcp.ts';

serveMcp();

describe('what was asked', () => {
  it('is audited in batches, reads, refused arguments and unknown tools too', async () => {
    await call('get_trade_journal', { limit: 7 });
    await call('get_trade_journal', { limit: 0 });
    await expect(
      client.callTool({ name: 'buy_everything', arguments: { marker: 7 } }),
    ).rejects.toMatchObject({ code: -32602 });
    await eventually(() => {
      expect(fleet.audited).toContainEqual(
        expect.objectContaining({
          tool: 'get_trade_journal',
          arguments: { limit: 7 },
          outcome: 'ok',
        }),
      );
      expect(fleet.audited).toContainEqual(
        expect.objectContaining({
          tool: 'get_trade_journal',
          arguments: { limit: 0 },
          outcome: 'INVALID_REQUEST',
        }),
      );
      expect(fleet.audited).toContainEqual(
        expect.objectContaining({ tool: 'buy_everything', outcome: 'unknown tool' }),
      );
    });
  });
  it('is kept with its scope, time and ids, an answer by its digest, and a secret not at all', async () => {
    const position_id = POSITION_ID;
    await call('close_position', { position_id, reason: 'enough', api_key: 'not-for-the-record' });
    fleet.setClosed({ status: 'closing' });
    await call('close_position', { position_id, reason: 'enough' });
    fleet.setClosed({});
    await eventually(() => {
      const rows = fleet.audited.filter(
        ({ arguments: given }) => given.position_id === position_id,
      );
      expect(rows).toEqual([
        expect.objectContaining({ outcome: 'INVALID_REQUEST' }),
        expect.objectContaining({ outcome: 'intended', duration_ms: null, answer_sha256: null }),
        expect.objectContaining({
          outcome: 'closing',
          scope: 'trade',
          act_id: rows[1]!.act_id,
          touched: expect.arrayContaining([position_id]),
          duration_ms: expect.any(Number),
          answer_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        }),
      ]);
      expect(JSON.stringify(rows)).not.toContain('not-for-the-record');
    });
  });
  it.each([
    ['get_trade_journal', { limit: 8 }],
    ['get_trade_journal', { limit: 0, symbol: 'ACME' }],
  ])('of %s %j has the digest of what was sent', async (name, given) => {
    const { data } = await single('tools/call', { name, arguments: given });
    const { result } = data as { result: object };
    const answer_sha256 = sha256(JSON.stringify(result));
    await eventually(() =>
      expect(fleet.audited).toContainEqual(
        expect.objectContaining({ arguments: given, answer_sha256 }),
      ),
    );
  });
  it('by many at once is a row for each, though they may share one answer', async () => {
    const given = { limit: 9 };
    await Promise.all(Array.from({ length: 4 }, () => call('get_trade_journal', given)));
    await eventually(() => {
      const rows = fleet.audited.filter(({ arguments: { limit } }) => limit === 9);
      expect(new Set(rows.map(({ act_id }) => act_id)).size).toBe(4);
    });
  });
  it('wrongly gets an answer that says what is wrong', async () => {
    expect((await call('get_trade_journal', { limit: 0 })).text).toMatch(
      /^INVALID_REQUEST: the arguments of get_trade_journal are not right: .*limit/,
    );
    expect((await call('get_risk_status', { nonsense: 1 })).text).toContain('"nonsense"');
  });
});

describe('text that the database cannot keep', () => {
  it.each([
    ['a NUL', 'too\0risky'],
    ['half an emoji', 'to the moon \ud83d'],
  ])('refuses no exit: %s; it is done and audited without it', async (_name, reason) => {
    expect((await call('close_position', { symbol: 'ACME', reason })).isError).toBe(undefined);
    await expect(client.callTool({ name: `none ${reason}` })).rejects.toMatchObject({
      code: -32602,
    });
    const kept = reason.replace(/[\0\ud83d]/, '\ufffd');
    await eventually(() =>
      expect(fleet.audited).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            arguments: { symbol: 'ACME', reason: kept },
            outcome: 'closing',
          }),
          expect.objectContaining({ outcome: 'unknown tool' }),
        ]),
      ),
    );
    expect(await notes()).toEqual([]);
  });
  it('does not come from cutting long arguments in the middle of a character', async () => {
    for (const before of ['x', 'xx']) {
      await call('get_risk_status', { note: before + '🚀'.repeat(3000) });
      await eventually(() =>
        expect(fleet.audited.at(-1)!.arguments.text).toMatch(`{"note":"${before}🚀`),
      );
      fleet.audited.pop();
    }
  });
});

describe('a row that is not taken', () => {
  it('lets the others pass, refuses no act, and is told of in the health', async () => {
    await expect(client.callTool({ name: UNKEPT_TOOL })).rejects.toMatchObject({ code: -32602 });
    const rows = () => fleet.audited.filter(({ arguments: given }) => given.limit === 3).length;
    for (let i = 1; i <= 5; i += 1) await call('get_trade_journal', { limit: 3 });
    await eventually(() => expect(rows()).toBe(5));
    await eventually(async () =>
      expect(await notes()).toEqual(['1 audit row of tool calls waits for workflow']),
    );
    await call('get_trade_journal', { limit: 3 });
    await eventually(() => expect(rows()).toBe(6));
    expect((await call('close_position', { symbol: 'ACME', reason: 'still works' })).isError).toBe(
      undefined,
    );
  });
});
