import { afterAll, describe, expect, it } from '@jest/globals';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMcpKey, keepMcpKey } from '../src/desk/mcp-key.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

describe("Claude's key", () => {
  it('is another one for each replay, and the same for a paper desk from one start to the next', () => {
    expect(createMcpKey()).not.toBe(createMcpKey());
    const key = keepMcpKey(folder.path);
    expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    expect(keepMcpKey(folder.path)).toBe(key);
  });
  it('lies where only the operator can read it', () => {
    const key = keepMcpKey(folder.path);
    const path = join(folder.path, 'secrets', 'mcp_key');
    expect(readFileSync(path, 'utf8').trim()).toBe(key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, 'secrets')).mode & 0o777).toBe(0o700);
  });
  it('is refused where its file holds something else', () => {
    writeFileSync(join(folder.path, 'secrets', 'mcp_key'), 'short\n');
    expect(() => keepMcpKey(folder.path)).toThrow(/mcp_key holds no key: .*remove the file/);
  });
});
