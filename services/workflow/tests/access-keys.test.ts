import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessKey, AccessScope, workflowApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { sha256 } from '@catalyst/service-kit';
import { startTestService, type TestService } from '@catalyst/testkit';
import { workflowService } from '../src/service.ts';
import { startFixtureFleet, type FixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { at } from './fixture-fleet/script.ts';

const INSTALLED = sha256('the key of the installation');
let fleet: FixtureFleet;
let service: TestService<typeof workflowApi>;
const workflow = () => service.client('cli');

const start = (hashes: Record<string, string>) =>
  startTestService(workflowService, {
    database_url: fleet.database.url,
    keys: fleet.keys,
    replay_start_at: at('11:00'),
    env: { ...fleet.env, MCP_KEY_HASHES: JSON.stringify(hashes) },
  });
const make = (name: string, scopes: AccessScope[], lifetime_hours: number | null = null) => {
  const key_hash = sha256(randomBytes(32).toString('base64url'));
  const body = { kind: 'claude' as const, name, scopes, key_hash, lifetime_hours, by: 'ann' };
  return workflow()
    .createAccessKey({ body })
    .then((key) => ({ ...key, key_hash }));
};
const find = async (key_hash: string, kind: 'claude' | 'client' = 'claude') =>
  (await workflow().findAccessKey({ body: { kind, key_hash } })).key;
const auditOf = (subject: string) =>
  fleet.database.database.query<{ action: string; on_behalf_of: string; details: object }>(
    'SELECT action, on_behalf_of, details FROM audit_log WHERE subject = $1 ORDER BY seq',
    [subject],
  );

beforeAll(async () => {
  fleet = await startFixtureFleet();
  service = await start({ claude: INSTALLED });
}, 60_000);
afterAll(async () => {
  await service?.close();
  await fleet?.close();
});

describe('a key', () => {
  it.each([
    [['read'], ['read']],
    [['propose'], ['read', 'propose']],
    [['trade'], ['read', 'propose', 'trade']],
    [['admin'], ['read', 'admin']],
    [
      ['admin', 'trade'],
      ['read', 'propose', 'trade', 'admin'],
    ],
  ] satisfies [AccessScope[], AccessScope[]][])('for %j may do %j', async (asked, granted) => {
    const key = await make(asked.join('-'), asked);
    expect((await find(key.key_hash))?.scopes).toEqual(granted);
  });
  it('is known by its hash alone, and only for what it was made', async () => {
    const { key_hash, key_id } = await make('one-door', ['read'], 24);
    expect(await find(key_hash)).toMatchObject({
      key_id,
      state: 'active',
      expires_at: new Date(Date.parse(at('11:00')) + 24 * 3_600_000).toISOString(),
    });
    expect(await find(key_hash, 'client')).toBeNull();
    expect(await find(sha256('nobody'))).toBeNull();
  });
  it('is not made under a name that an unrevoked one has', async () => {
    await make('twin', ['read']);
    await expect(make('twin', ['read'])).rejects.toMatchObject({ code: 'KEY_NAME_TAKEN' });
  });
  it('is the same key when its making is asked for twice', async () => {
    const key_hash = sha256('asked for twice');
    const ask = (): Promise<AccessKey> =>
      workflow().createAccessKey({
        body: {
          kind: 'client',
          name: 'bob',
          scopes: ['read'],
          key_hash,
          lifetime_hours: null,
          by: 'x',
        },
      });
    expect(await ask()).toEqual(await ask());
    expect(await auditOf('client bob')).toHaveLength(1);
  });
  it('ends for good once it is revoked, told on the bus and kept in the audit, and its name is free', async () => {
    const { key_id, key_hash } = await make('leaving', ['trade']);
    const revoke = () =>
      workflow().revokeAccessKey({ params: { key_id }, body: { by: 'ann', reason: 'it leaked' } });
    expect(await revoke()).toMatchObject({ state: 'revoked', revoked_by: 'ann' });
    expect(await revoke()).toMatchObject({ state: 'revoked', revoked_by: 'ann' });
    expect(await find(key_hash)).toMatchObject({ state: 'revoked' });
    expect(await auditOf('claude leaving')).toMatchObject([
      { action: 'access_key_created', on_behalf_of: 'ann' },
      { action: 'access_key_revoked', on_behalf_of: 'ann', details: { key_id } },
    ]);
    const told = await fleet.database.database.query(
      `SELECT 1 FROM outbox WHERE channel = 'catalyst:access_key_revoked'
         AND envelope -> 'payload' ->> 'key_id' = $1`,
      [key_id],
    );
    expect(told).toHaveLength(1);
    expect((await make('leaving', ['read'])).key_id).not.toBe(key_id);
  });
});

describe('the key of an installation', () => {
  it('may trade in a replay, stays revoked once a person revoked it, and ends when another is listed', async () => {
    const installed = (await find(INSTALLED))!;
    expect(installed).toMatchObject({ name: 'claude', scopes: ['read', 'propose', 'trade'] });
    await workflow().revokeAccessKey({
      params: { key_id: installed.key_id },
      body: { by: 'ann', reason: 'lost' },
    });
    await service.close();
    service = await start({ claude: INSTALLED });
    expect(await find(INSTALLED)).toMatchObject({ state: 'revoked' });

    const next = sha256('the next key');
    await service.close();
    service = await start({ claude: next });
    expect(await find(next)).toMatchObject({ state: 'active' });
    await service.close();
    service = await start({});
    expect(await find(next)).toMatchObject({ state: 'revoked', revoked_by: 'the installation' });
  });
});

describe('the record of calls', () => {
  const record = (tool: string, given: Record<string, unknown> = {}) =>
    workflow().recordToolCalls({
      body: {
        calls: [
          {
            call_id: stableId('call', tool),
            at: at('11:00'),
            caller: 'mcp:claude',
            tool,
            arguments: given,
            outcome: 'ok',
            act_id: stableId('act', tool),
            scope: 'read',
            touched: [stableId('position')],
            duration_ms: 3,
            answer_sha256: sha256(tool),
          },
        ],
      },
    });
  const query = (sql: string) => fleet.database.database.query(sql);

  it('is a chain that holds, a row once however often it is sent, though many write at once', async () => {
    const given = { z: 1.5, a: [true, null, { d: 'é', b: 1e21 }] };
    await Promise.all(['a', 'b', 'c', 'a', 'b'].map((tool) => record(tool, given)));
    expect(await workflow().verifyToolCalls()).toEqual({
      rows: 3,
      head_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      broken: null,
      outside_rows: 0,
      began_at: at('11:00'),
    });
  });
  it('can neither be changed nor shortened', async () => {
    await expect(query("UPDATE mcp_calls SET outcome = 'ok'")).rejects.toThrow(/append-only/);
    await expect(query('DELETE FROM mcp_calls')).rejects.toThrow(/append-only/);
    await expect(query('TRUNCATE mcp_calls')).rejects.toThrow(/append-only/);
  });
  it('says where it was changed by somebody who may do everything, and what is missing', async () => {
    await query('ALTER TABLE mcp_calls DISABLE TRIGGER mcp_calls_are_kept');
    await query("UPDATE mcp_calls SET arguments = '{}' WHERE seq = 2");
    expect((await workflow().verifyToolCalls()).broken).toMatchObject({ seq: 2 });
    await query('DELETE FROM mcp_calls WHERE seq > 1');
    expect(await workflow().verifyToolCalls()).toMatchObject({
      rows: 1,
      broken: { seq: 2, why: 'rows 2 to 3 are missing' },
    });
  });
});

describe('the audit of acts', () => {
  const query = (sql: string) => fleet.database.database.query(sql);
  const chain = async () =>
    (await workflow().verifyActs()).chains.find((one) => one.service === 'workflow')!;

  it('is a chain of each service that holds, and is neither changed nor shortened', async () => {
    await Promise.all(['one', 'two', 'three'].map((name) => make(`chained-${name}`, ['read'])));
    const { rows, broken_seq } = await chain();
    expect([rows > 2, broken_seq]).toEqual([true, null]);
    for (const act of [
      "UPDATE audit_log SET actor = 'x'",
      'DELETE FROM audit_log',
      'TRUNCATE audit_log',
    ])
      await expect(query(act)).rejects.toThrow(/append-only/);
  });
  it('says where it was changed by somebody who may do everything, and that its end is missing', async () => {
    await query('ALTER TABLE audit_log DISABLE TRIGGER audit_log_is_kept');
    const { rows } = await chain();
    await query(`DELETE FROM audit_log WHERE service = 'workflow' AND seq = ${rows}`);
    expect(await chain()).toMatchObject({ rows: rows - 1, broken_seq: rows });
    await query("UPDATE audit_log SET details = '{}' WHERE service = 'workflow' AND seq = 2");
    expect((await chain()).broken_seq).toBe(2);
  });
});
