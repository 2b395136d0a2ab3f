import { expect, it } from '@jest/globals';
import { eventually } from '@catalyst/testkit';
import { writeOutsideKeys } from '../nginx/outside-keys.ts';
import { behindNginx } from './behind-nginx.ts';
import { doorBeforeEchoes, refusal } from './door-before-echoes.ts';
import { newKey } from './front-door.ts';

const { program, withNginx } = await behindNginx('nginx-keys.test.ts');

withNginx('the keys at the real Nginx', () => {
  const front = doorBeforeEchoes(program);

  it('answers 401 without a key and 403 with a wrong one, whatever the path below', async () => {
    for (const path of ['/api/v1/status', '/mcp', '/api/v1/nothing']) {
      if (path !== '/mcp') {
        const missing = await front.door.ask(path, { method: 'POST', body: '{}' });
        expect([missing.status, refusal(missing.text).code]).toEqual([401, 'MISSING_KEY']);
      }
      const wrongKeys =
        path === '/mcp'
          ? [front.door.keys.operator]
          : ['wrong', newKey(), front.cli_key, front.door.keys.mcp];
      for (const key of wrongKeys) {
        const wrong = await front.door.ask(path, {
          method: 'POST',
          body: '{}',
          headers: { 'x-api-key': key },
        });
        expect([wrong.status, refusal(wrong.text).code]).toEqual([403, 'WRONG_KEY']);
      }
    }
  });
  it('leaves it to orchestration which key may speak MCP, since keys come and go', async () => {
    const key = newKey();
    const asked = { method: 'POST', body: '{}', headers: { 'x-api-key': key } };
    expect((await front.door.ask('/mcp', asked)).json()).toMatchObject({
      headers: { 'x-api-key': key },
    });
  });
  it("passes who shows nothing at /mcp, or a token, to orchestration, and an operator's key as a token nowhere", async () => {
    const ask = (authorization?: string) =>
      front.door.ask('/mcp', {
        method: 'POST',
        body: '{}',
        headers: authorization === undefined ? {} : { authorization },
      });
    expect((await ask()).json().headers).not.toHaveProperty('authorization');
    expect((await ask('Bearer a-token')).json()).toMatchObject({
      service: 'orchestration',
      headers: { authorization: 'Bearer a-token' },
    });
    for (const scheme of ['Bearer', 'bearer', 'BEARER '])
      expect((await ask(`${scheme} ${front.door.keys.operator}`)).status).toBe(403);
  });
  it('tells keys apart by the case of their letters', async () => {
    const swapped = front.door.keys.operator.replace(/[a-z]/gi, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    expect(
      (await front.door.ask('/api/v1/status', { headers: { 'x-api-key': swapped } })).status,
    ).toBe(403);
  });
  it("replaces the operator's key by the fleet's, passes an MCP key to orchestration alone, and strips the step time", async () => {
    const forged = {
      'x-step-time': '2026-03-24T14:00:00.000Z',
      'x-cycle-id': 'forged',
      'x-request-id': 'forged',
      'x-forwarded-for': '10.0.0.1',
      authorization: 'Bearer forged',
    };
    const { headers } = (await front.door.ask('/api/v1/status', front.operator(forged))).json();
    expect(headers).toMatchObject({
      'x-api-key': front.cli_key,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
    });
    expect(headers).not.toHaveProperty('x-step-time');
    expect(headers).not.toHaveProperty('x-cycle-id');
    expect(headers).not.toHaveProperty('authorization');
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    const mcp = (
      await front.door.ask('/mcp', {
        method: 'POST',
        body: '{}',
        headers: { 'x-api-key': front.door.keys.mcp, ...forged },
      })
    ).json();
    expect(mcp).toMatchObject({
      service: 'orchestration',
      bytes: 2,
      headers: { 'x-api-key': front.door.keys.mcp },
    });
    expect(mcp.headers).not.toHaveProperty('x-step-time');
    expect(
      (await front.door.ask('/health', front.operator(forged))).json().headers,
    ).not.toHaveProperty('x-api-key');
  });
  it('takes rotated keys on SIGHUP', async () => {
    const old = { ...front.door.keys };
    const next = { mcp: newKey(), operator: newKey() };
    writeOutsideKeys(front.door.keys_dir, {
      mcp: [next.mcp],
      operator: [next.operator],
      cli_key: front.cli_key,
    });
    front.door.nginx.reload();
    await eventually(async () =>
      expect(
        (await front.door.ask('/api/v1/status', { headers: { 'x-api-key': next.operator } }))
          .status,
      ).toBe(200),
    );
    await eventually(async () =>
      expect(
        (await front.door.ask('/api/v1/status', { headers: { 'x-api-key': old.operator } })).status,
      ).toBe(403),
    );
    Object.assign(front.door.keys, next);
  });
});
