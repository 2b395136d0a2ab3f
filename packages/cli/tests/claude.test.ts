import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { desktopConfigPath } from '../src/claude/claude-doors.ts';
import { runCatalyst, temporaryFolder } from './run-catalyst.ts';

const folder = temporaryFolder();
const KEY = 'a-key-of-claude-that-is-long-enough';
let server: Server;
let url: string;

/** A desk as its door looks from outside. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const known = request.headers['x-api-key'] === KEY;
    response.writeHead(known ? 200 : 403, { 'content-type': 'application/json' });
    const refused = { error: { code: 'WRONG_KEY', message: 'the key claude was revoked' } };
    const tools = { jsonrpc: '2.0', id: 1, result: { tools: [{}, {}] } };
    response.end(JSON.stringify(known ? tools : refused));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder.path, 'operator'), 'the-key-of-the-operator');
  writeFileSync(join(folder.path, 'key'), `${KEY}\n`);
  writeFileSync(join(folder.path, 'wrong'), 'a-key-that-leaked');
});
afterAll(() => {
  server.close();
  folder.remove();
});

const claude = (args: string[], env: Record<string, string> = {}) =>
  runCatalyst(['claude', ...args], {
    home: join(folder.path, 'home'),
    cwd: folder.path,
    env: {
      HOME: folder.path,
      CATALYST_URL: url,
      CATALYST_KEY_FILE: join(folder.path, 'operator'),
      CATALYST_MCP_KEY_FILE: join(folder.path, 'key'),
      ...env,
    },
  });

/** The files of a zip archive that was written in one go. */
const unzip = (archive: Buffer): Record<string, string> => {
  const files: Record<string, string> = {};
  for (let at = 0; archive.toString('latin1', at, at + 4) === 'PK\x03\x04';) {
    const [packed, nameLength] = [archive.readUInt32LE(at + 18), archive.readUInt16LE(at + 26)];
    const begin = at + 30 + nameLength;
    files[archive.toString('utf8', at + 30, begin)] = inflateRawSync(
      archive.subarray(begin, begin + packed),
    ).toString();
    at = begin + packed;
  }
  return files;
};

describe('claude', () => {
  it('prints three doors with the address and the key of the desk', async () => {
    const { stdout, code } = await claude([]);
    expect(code).toBe(0);
    expect(stdout).toContain(`the desk speaks MCP at ${url}/mcp`);
    expect(stdout).toContain(`"X-API-Key:${KEY}"`);
    expect(stdout).toContain(`claude mcp add --transport http catalyst ${url}/mcp`);
  });
  it('makes a bundle that asks for the key as a secret, and holds none', async () => {
    expect((await claude(['--bundle'])).code).toBe(0);
    const archive = readFileSync(join(folder.path, 'catalyst.mcpb'));
    const files = unzip(archive);
    expect(Object.keys(files)).toEqual(['manifest.json', 'server/bridge.mjs']);
    expect(JSON.parse(files['manifest.json']!)).toMatchObject({
      server: { type: 'node', entry_point: 'server/bridge.mjs' },
      user_config: {
        address: { default: `${url}/mcp` },
        key: { sensitive: true, required: true },
        certificate: { type: 'file', required: false },
      },
    });
    expect(Object.values(files).join()).not.toContain(KEY);
    execFileSync(process.execPath, ['--check', '--input-type=module'], {
      input: files['server/bridge.mjs'],
    });
  });
  it("puts the desk into the host's file, beside what is there and for its owner alone", async () => {
    const path = desktopConfigPath({ HOME: folder.path }, process.platform);
    expect((await claude(['--write'])).code).toBe(2);
    expect((await claude(['--write', '--yes'])).code).toBe(0);
    const host = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...host, theme: 'dark', mcpServers: { other: {} } }));
    expect((await claude(['--write', '--yes'])).code).toBe(0);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      theme: 'dark',
      mcpServers: { other: {}, catalyst: { command: 'npx' } },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, '{"mcpServers":');
    expect(await claude(['--write', '--yes'])).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('is not the JSON that Claude Desktop writes'),
    });
    expect(readFileSync(path, 'utf8')).toBe('{"mcpServers":');
  });
  it('tries the way from outside in, and says what blocks it', async () => {
    expect((await claude(['--check'])).stdout).toContain('ok      the key shows 2 tools');
    const wrong = await claude(['--check'], { CATALYST_MCP_KEY_FILE: join(folder.path, 'wrong') });
    expect([wrong.code, wrong.stdout]).toEqual([
      3,
      expect.stringContaining('BLOCKED the key is taken'),
    ]);
    expect(wrong.stderr).toContain('the key claude was revoked');
    const silent = await claude(['--check'], { CATALYST_URL: 'http://127.0.0.1:9' });
    expect(silent.stderr).toContain('nothing listens at 127.0.0.1:9');
  });
});
