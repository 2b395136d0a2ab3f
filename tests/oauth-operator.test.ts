import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { behindNginx } from './behind-nginx.ts';
import { createBrowser } from './oauth-browser.ts';
import { codeAt, PASSWORD, startOauthDesk, type OauthDesk } from './oauth-desk.ts';

const { program, withNginx } = await behindNginx('oauth-operator.test.ts');

withNginx('the operator of a desk', () => {
  let desk: OauthDesk;
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-operator-'));
  beforeAll(async () => {
    desk = await startOauthDesk(program!);
    writeFileSync(join(folder, 'key'), desk.door.keys.operator);
  }, 120_000);
  afterAll(async () => {
    await desk?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const catalyst = (args: string[], input = '') =>
    new Promise<{ code: number | null; out: string; err: string }>((done) => {
      const child = spawn(
        process.execPath,
        [resolve(import.meta.dirname, '../packages/cli/src/main.ts'), ...args],
        {
          env: {
            PATH: process.env.PATH,
            CATALYST_HOME: folder,
            CATALYST_URL: desk.door.https_url,
            CATALYST_KEY_FILE: join(folder, 'key'),
            NODE_EXTRA_CA_CERTS: join(desk.door.keys_dir, 'tls.crt'),
          },
        },
      );
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.once('close', (code) => done({ code, out, err }));
      child.stdin.end(input);
    });

  it('signs in when he has set both factors, waits longer after each failure, and has recovery codes', async () => {
    const browser = createBrowser(desk.door);
    const page = await browser.open('/operator');
    expect((await browser.send(page, { password: PASSWORD, code: '123456' })).text).toContain(
      'No operator is set',
    );
    const { recovery_codes } = await desk.setOperator();
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(
        (await browser.send(page, { password: 'a wrong password', code: '123456' })).text,
      ).toContain('That is not the password');
    const held = await browser.send(page, { password: PASSWORD, code: recovery_codes[0]! });
    expect(held.text).toMatch(/Wait \d+ seconds/);
    desk.passes(31_000);
    const came = await browser.send(page, { password: PASSWORD, code: recovery_codes[0]! });
    expect(came.text).toContain('You are signed in');
    const again = await createBrowser(desk.door).send(page, {
      password: PASSWORD,
      code: recovery_codes[0]!,
    });
    expect(again.text).toContain('That is not the password');
    expect(await desk.workflow.showOperator()).toMatchObject({
      state: 'set',
      recovery_codes_left: 7,
    });
    // and nothing that signs in is in the database
    const stored = JSON.stringify(
      await Promise.all(
        ['operators', 'operator_sessions', 'operator_tries', 'audit_log'].map((table) =>
          desk.database.query(`SELECT * FROM ${table}`),
        ),
      ),
    );
    for (const secret of [
      PASSWORD,
      recovery_codes[1]!,
      ...[...browser.jar.values()].map(({ value }) => value),
    ])
      expect(stored).not.toContain(secret);
    await desk.setOperator();
    expect((await browser.open('/operator')).text).toContain('Sign in as the operator');
  });

  it('sets both factors by the command, which says where the hosted connector comes in and tries it', async () => {
    const set = await catalyst(['operator', 'set'], `${PASSWORD}\n`);
    expect([set.code, set.err]).toEqual([0, expect.stringContaining('operator confirm <code>')]);
    expect(set.out).toMatch(/[█▀▄]{20}/);
    const secret = /secret=([A-Z2-7]+)&/.exec(set.out)![1]!;
    // the command takes its time to start, and codes do not wait
    desk.stands(true);
    const confirmed = await catalyst(['operator', 'confirm', codeAt(secret, desk.now())]);
    desk.stands(false);
    expect([confirmed.code, confirmed.out]).toEqual([
      0,
      expect.stringMatching(/the operator can sign in .* 8 recovery codes left/),
    ]);
    const ca = join(desk.door.keys_dir, 'tls.crt');
    const printed = await catalyst(['claude', '--ca', ca]);
    expect(printed.out).toContain(`add a custom connector with ${desk.resource}`);
    // no key of Claude is given here, so the way of keys is blocked and the other is not
    const tried = await catalyst(['claude', '--check', '--ca', ca]);
    expect(tried.out).toContain(
      `ok      the hosted connector finds the way in at ${desk.resource}`,
    );
  }, 240_000);
});
