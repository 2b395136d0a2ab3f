import { describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { publishAs } from './publish-as.ts';
import { eventually } from '@catalyst/testkit';
import { connect, fleet, post, RUN_ID, serveMcp } from './serve-mcp.ts';

serveMcp();
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const statusOf = async (key: string): Promise<number> =>
  (await post(ping, { 'x-api-key': key })).status;

describe('a key', () => {
  it.each(['expired', 'revoked'] as const)('that is %s is refused in words', async (state) => {
    fleet.letIn(`gone-${state}`, `a-key-that-is-${state}-by-now`, { state });
    const { status, data } = await post(ping, { 'x-api-key': `a-key-that-is-${state}-by-now` });
    expect([status, data]).toMatchObject([
      403,
      { error: { code: 'WRONG_KEY', message: expect.stringMatching(state) } },
    ]);
  });
  it('ends an open session within a second of being revoked, without waiting to be asked', async () => {
    const key = 'a-key-that-is-about-to-end';
    fleet.letIn('leaving', key);
    const session = await connect(key);
    await session.ping();
    fleet.letIn('leaving', key, { state: 'revoked' });
    await publishAs(RUN_ID, 'catalyst:access_key_revoked', {
      key_id: stableId('key', 'leaving'),
      kind: 'claude',
      name: 'leaving',
    });
    await eventually(async () => {
      await expect(session.ping()).rejects.toThrow(/was revoked/);
    });
    await session.close();
  });
  it('is refused within a second though the word of it was lost', async () => {
    const key = 'a-key-whose-end-nobody-told';
    fleet.letIn('unheard', key);
    expect(await statusOf(key)).toBe(200);
    fleet.letIn('unheard', key, { state: 'revoked' });
    await eventually(async () => expect(await statusOf(key)).toBe(403));
  });
  it('that was in force stays so while workflow is away, and a new one is asked to wait', async () => {
    const key = 'a-key-that-was-in-force';
    fleet.letIn('trusted', key);
    expect(await statusOf(key)).toBe(200);
    fleet.setKeysDown(true);
    try {
      expect(await statusOf('a-key-that-nobody-asked-for')).toBe(503);
      expect(await statusOf(key)).toBe(200);
    } finally {
      fleet.setKeysDown(false);
    }
  });
});
