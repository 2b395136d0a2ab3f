import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readInvitation } from '@catalyst/contracts';
import { sha256 } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import { createAskSignals } from './ask-signals.ts';
import { startSignalDesk, type SignalDesk } from './signal-desk.ts';

let desk: SignalDesk;
const rest = createAskSignals(() => desk);

beforeAll(async () => {
  desk = await startSignalDesk();
}, 60_000);
afterAll(() => desk?.close());

describe('an invitation', () => {
  it('becomes a key once: the same nonce gets it again, another never', async () => {
    const invitation = await desk.invite('joe');
    const nonce = 'ab'.repeat(16);
    const first = await desk.join(invitation, nonce);
    expect(first).toMatchObject({
      status: 200,
      body: { client_id: expect.any(String), name: 'joe' },
    });
    expect(await desk.join(invitation, nonce)).toEqual(first);
    expect(await desk.join(invitation)).toMatchObject({
      status: 409,
      body: { error: { code: 'INVITATION_ENDED' } },
    });
    const { code } = readInvitation(invitation);
    for (const table of ['signal_invitations', 'access_keys', 'audit_log', 'signal_events'])
      for (const secret of [code, first.body.key, nonce])
        expect(
          await desk.database.query(`SELECT 1 FROM ${table} t WHERE t::text LIKE $1`, [
            `%${secret}%`,
          ]),
        ).toEqual([]);
  });
  it('ends with the client that it was made for, until a newer one is made', async () => {
    const invitation = await desk.invite('zoe');
    const { clients } = await desk.desk.listSignalClients();
    const { client_id } = clients.find(({ name }) => name === 'zoe')!;
    const said = { by: 'test', reason: 'sent to the wrong person' };
    expect(await desk.desk.revokeClient({ params: { client_id }, body: said })).toMatchObject({
      state: 'revoked',
    });
    expect(await desk.join(invitation)).toMatchObject({
      status: 409,
      body: { error: { code: 'INVITATION_ENDED' } },
    });
    expect((await desk.join(await desk.invite('zoe'))).status).toBe(200);
  });
  it('taken while its client is revoked is no key either', async () => {
    const invitation = await desk.invite('eve');
    const { clients } = await desk.desk.listSignalClients();
    const { client_id } = clients.find(({ name }) => name === 'eve')!;
    const said = { by: 'test', reason: 'sent to the wrong person' };
    let joining: ReturnType<typeof desk.join> | undefined;
    await desk.database.transaction(async (tx) => {
      await tx.query('LOCK TABLE access_keys IN SHARE ROW EXCLUSIVE MODE'); // read, and not added to
      joining = desk.join(invitation);
      await eventually(async () =>
        expect(
          await desk.database.query(
            'SELECT 1 FROM signal_invitations WHERE client_id = $1 AND joined_at IS NOT NULL',
            [client_id],
          ),
        ).toHaveLength(1),
      );
      await desk.desk.revokeClient({ params: { client_id }, body: said });
    });
    expect(await joining).toMatchObject({
      status: 409,
      body: { error: { code: 'INVITATION_ENDED' } },
    });
    const after = await desk.desk.listSignalClients();
    expect(after.clients.find(({ name }) => name === 'eve')).toMatchObject({ state: 'revoked' });
  });
  it('that nobody made, or that has ended, is no key', async () => {
    const { join } = desk;
    const invitation = await desk.invite('late');
    await desk.database.query(
      "UPDATE signal_invitations SET created_at = '2026-01-01', expires_at = '2026-01-02' WHERE code_sha256 = $1",
      [sha256(readInvitation(invitation).code)],
    );
    expect((await join(invitation)).status).toBe(409);
  });
  it('of a name that has a key ends that key', async () => {
    const first = await desk.newClient('twice');
    const second = await desk.newClient('twice');
    expect(second.client_id).toBe(first.client_id);
    expect((await rest('settings', first.key)).response.status).toBe(403);
    expect((await rest('settings', second.key)).response.status).toBe(200);
  });
});
