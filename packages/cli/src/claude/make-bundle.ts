import { readFileSync, writeFileSync } from 'node:fs';
import { zip } from './zip.ts';

export const bridgePath = new URL('./bridge.mjs', import.meta.url);

/** What Claude Desktop asks for when the bundle is installed; the key goes into the system's keychain. */
export const bundleManifest = (url: string, version: string) => ({
  manifest_version: '0.3',
  name: 'catalyst',
  display_name: 'Catalyst trading desk',
  version,
  description: 'Watches, asks and steers a news-driven day-trading desk.',
  author: { name: 'Catalyst' },
  license: 'MIT',
  server: {
    type: 'node',
    entry_point: 'server/bridge.mjs',
    mcp_config: {
      command: 'node',
      args: ['${__dirname}/server/bridge.mjs'],
      env: {
        CATALYST_MCP_URL: '${user_config.address}',
        CATALYST_MCP_KEY: '${user_config.key}',
        NODE_EXTRA_CA_CERTS: '${user_config.certificate}',
      },
    },
  },
  user_config: {
    address: {
      type: 'string',
      title: 'Address',
      description: 'Where the desk speaks MCP',
      default: url,
      required: true,
    },
    key: {
      type: 'string',
      title: 'Key',
      description: 'A key of scripts/catalyst key new',
      sensitive: true,
      required: true,
    },
    certificate: {
      type: 'file',
      title: 'Certificate',
      description:
        'Only where the desk has a certificate that this machine does not trust by itself',
      default: '',
      required: false,
    },
  },
  compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: '>=20.3.0' } },
});

/** Writes the bundle that Claude Desktop installs with a double click; no key is in it. */
export const makeBundle = (path: string, url: string, version: string): void =>
  writeFileSync(
    path,
    zip({
      'manifest.json': Buffer.from(JSON.stringify(bundleManifest(url, version), null, 2)),
      'server/bridge.mjs': readFileSync(bridgePath),
    }),
  );
