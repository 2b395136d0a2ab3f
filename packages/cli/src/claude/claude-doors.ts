import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Claude finds a desk, and what it shows there. */
export interface DeskAddress {
  url: string;
  /** Null where only its holder has it: then a place for it is left. */
  key: string | null;
  /** A certificate that the machine does not trust by itself. */
  ca_file: string | null;
}

const KEY_PLACE = 'PASTE-THE-KEY-HERE';

/**
 * An entry of mcpServers in claude_desktop_config.json. That file takes no address, so a small
 * program stands between; a space in an argument breaks on Windows.
 */
export const desktopEntry = ({ url, key, ca_file }: DeskAddress) => ({
  command: 'npx',
  args: ['-y', 'mcp-remote@0.15.1', url, '--header', `X-API-Key:${key ?? KEY_PLACE}`],
  ...(ca_file !== null && { env: { NODE_EXTRA_CA_CERTS: ca_file } }),
});

/** The command that adds the desk to Claude Code. */
export const codeCommand = ({ url, key }: DeskAddress): string =>
  `claude mcp add --transport http catalyst ${url} --header "X-API-Key: ${key ?? KEY_PLACE}"`;

/** Where Claude Desktop keeps its configuration on this system. */
export const desktopConfigPath = (
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string => {
  const home = env.HOME ?? homedir();
  const folder =
    platform === 'darwin'
      ? join(home, 'Library', 'Application Support')
      : platform === 'win32'
        ? (env.APPDATA ?? join(home, 'AppData', 'Roaming'))
        : (env.XDG_CONFIG_HOME ?? join(home, '.config'));
  return join(folder, 'Claude', 'claude_desktop_config.json');
};
