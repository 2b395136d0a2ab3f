import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '@catalyst/service-kit/calls';
import { runningDesk } from '../desk-connection.ts';
import { namedServer } from '../server-connection.ts';
import type { DeskAddress } from './claude-doors.ts';

/**
 * The desk of which `claude` and `mcp` speak: on the server that CATALYST_URL names, with the key in
 * the file CATALYST_MCP_KEY_FILE; else the one that runs here, with its own.
 * @throws UnhealthyError where none runs here; ConfigError for a file that cannot be read
 */
export const findDesk = (ca?: string, env: NodeJS.ProcessEnv = process.env): DeskAddress => {
  const ca_file = ca === undefined ? null : resolve(ca);
  const server = namedServer(env);
  if (server === undefined) {
    const { run } = runningDesk();
    return { url: `${run.urls!.orchestration}/mcp`, key: run.mcp_key, ca_file };
  }
  const file = env.CATALYST_MCP_KEY_FILE ?? '';
  if (file === '') return { url: `${server.url}/mcp`, key: null, ca_file };
  try {
    return { url: `${server.url}/mcp`, key: readFileSync(file, 'utf8').trim(), ca_file };
  } catch (error) {
    throw new ConfigError([
      `CATALYST_MCP_KEY_FILE names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code})`,
    ]);
  }
};
