import { expect, it } from '@jest/globals';
import type { OpenedDesk } from './opened-desk.ts';

/** What a client hears and may do when the desk or its friend changes its rights. */
export const itFollowsItsClients = (shared: OpenedDesk): void => {
  it('ends within a second of its revocation, and lets nobody in after it', async () => {
    const gone = await shared.desk.newClient('gone');
    const stream = await shared.open(gone.key);
    await stream.next('welcome');
    const asked = performance.now();
    await shared.desk.desk.revokeClient({
      params: { client_id: gone.client_id },
      body: { by: 'op', reason: 'no friend any more' },
    });
    expect(await stream.closed).toBe(4003);
    expect(stream.of('goodbye')[0]).toMatchObject({ reason: 'revoked' });
    // generous beside the second that is promised: the machine may be busy
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(await (await shared.open(gone.key)).next('error')).toMatchObject({ code: 'WRONG_KEY' });
    const [row] = await shared.desk.database.query(
      "SELECT on_behalf_of FROM audit_log WHERE action = 'access_key_revoked' AND subject = 'client gone'",
    );
    expect(row).toEqual({ on_behalf_of: 'op' });
  });
  it('tells settings and limits as they change, and the narrower of both holds', async () => {
    const stream = await shared.open(shared.ann.key);
    const { configuration } = await stream.next('welcome');
    expect(configuration.effective.may_enter).toBe(true);
    const settings = { risk: { max_positions: 4, stop_loss_pct: 8 }, filters: { max_price: 20 } };
    const saved = await shared.rest('settings', shared.ann.key, {
      method: 'PUT',
      body: JSON.stringify(settings),
    });
    expect(saved.response.status).toBe(200);
    await stream.next('config_updated');
    await shared.desk.desk.limitClient({
      params: { client_id: shared.ann.client_id },
      body: {
        limits: {
          risk: { max_positions: 2, max_daily_loss_usd: 100 },
          paused: true,
          allowed_addresses: [],
        },
        by: 'op',
        reason: 'a first week',
      },
    });
    const told = await stream.next('config_updated', 2);
    expect(told.configuration).toMatchObject({
      settings: { risk: { max_positions: 4 } },
      effective: {
        risk: { max_positions: 2, stop_loss_pct: 8, max_daily_loss_usd: 100 },
        filters: { max_price: 20 },
        may_enter: false,
        why_not: ['the desk has paused this client'],
      },
    });
    const wrong = await shared.rest('settings', shared.ann.key, {
      method: 'PUT',
      body: JSON.stringify({ risk: { max_positions: 21 } }),
    });
    expect(wrong).toMatchObject({
      response: { status: 400 },
      body: {
        error: { code: 'INVALID_REQUEST', message: expect.stringContaining('max_positions') },
      },
    });
    await shared.desk.desk.limitClient({
      params: { client_id: shared.ann.client_id },
      body: { limits: {}, by: 'op', reason: 'enough' },
    });
  });
  it('takes a key from the addresses that it is allowed alone', async () => {
    const home = await shared.desk.newClient('home');
    const limit = (allowed_addresses: string[]) =>
      shared.desk.desk.limitClient({
        params: { client_id: home.client_id },
        body: { limits: { allowed_addresses }, by: 'op', reason: 'from home' },
      });
    await limit(['10.0.0.0/8', '2001:db8::/32']);
    expect(await (await shared.open(home.key)).next('error')).toMatchObject({
      code: 'ADDRESS_REFUSED',
    });
    await limit(['127.0.0.0/8']);
    await (await shared.open(home.key)).next('welcome');
  });
};
