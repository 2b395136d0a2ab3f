import { describe, expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { CYCLE_ID, POSITION_ID } from './fleet-behind/desk-rows.ts';
import { publishAs } from './publish-as.ts';
import { RUN_ID, client, serveMcp } from './serve-mcp.ts';

serveMcp();

describe('a resource that is followed', () => {
  it('is announced when an event of this run changes it, and not after unsubscribing', async () => {
    const updated: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      updated.push(params.uri);
    });
    const publish = (payload: typeof change, runId = RUN_ID) =>
      publishAs(runId, 'catalyst:position_update', payload);
    const change = {
      cycle_id: CYCLE_ID,
      position_id: POSITION_ID,
      symbol: 'ACME',
      status: 'open',
      qty: '100',
      unrealized_pnl_usd: '91',
      realized_pnl_usd: '0',
    };
    await client.subscribeResource({ uri: 'catalyst://positions/current' });
    await client.subscribeResource({ uri: `catalyst://positions/${POSITION_ID}/status` });
    await client.subscribeResource({ uri: 'catalyst://performance/weekly' });
    await publish(change, 'another-run');
    await eventually(async () => {
      // the stream opens in the background after the handshake, so the first announcement may
      // have had no one to go to
      if (updated.length < 2) await publish(change);
      expect(new Set(updated)).toEqual(
        new Set(['catalyst://positions/current', `catalyst://positions/${POSITION_ID}/status`]),
      );
    });
    expect(updated).not.toContain('catalyst://performance/weekly');
    await client.unsubscribeResource({ uri: 'catalyst://positions/current' });
    await client.unsubscribeResource({ uri: `catalyst://positions/${POSITION_ID}/status` });
    await publish({ ...change, status: 'closed' });
    // one stream keeps its order: what was under way before has arrived once this has
    await eventually(() => expect(updated).toContain('catalyst://performance/weekly'));
    updated.length = 0;
    await publish({ ...change, status: 'closed' });
    await eventually(() => expect(updated).toEqual(['catalyst://performance/weekly']));
  });
  it('must exist', async () => {
    await expect(client.subscribeResource({ uri: 'catalyst://nothing' })).rejects.toMatchObject({
      code: -32602,
    });
  });
});
