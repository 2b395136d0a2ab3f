import { serviceNames, type ServiceName } from '@catalyst/contracts';

export interface NginxSetting {
  /** What TLS is served on: "8443", or "127.0.0.1:8443". */
  https_listen: string;
  /** What plain HTTP, which only redirects, is served on. */
  http_listen: string;
  /** host:port of each service. */
  addresses: Record<ServiceName, string>;
  /** The folder that holds mcp-keys.map, operator-keys.map, tls.crt and tls.key. */
  keys_dir: string;
  /** A folder that this Nginx may write: process id and temporary files. */
  run_dir: string;
  /** The name server that resolves the services' names; not asked for numeric addresses. */
  resolver?: string;
  access_log?: string;
  /** Requests a second of one address without a known key. */
  stranger_rate?: string;
  /** Requests of one address at the doors where passwords, codes and tokens are tried. */
  door_rate?: string;
}

/**
 * The placeholders of nginx.conf.template; docker-compose.yml gives the same names to the official
 * image.
 */
export const nginxVariables = ({
  https_listen,
  http_listen,
  addresses,
  keys_dir,
  run_dir,
  resolver = '127.0.0.1',
  access_log = '/dev/stdout',
  stranger_rate = '5r/s',
  door_rate = '1r/s',
}: NginxSetting): Record<string, string> => ({
  CATALYST_HTTPS_LISTEN: https_listen,
  CATALYST_HTTP_LISTEN: http_listen,
  CATALYST_KEYS_DIR: keys_dir,
  CATALYST_RUN_DIR: run_dir,
  CATALYST_RESOLVER: resolver,
  CATALYST_ACCESS_LOG: access_log,
  CATALYST_STRANGER_RATE: stranger_rate,
  CATALYST_DOOR_RATE: door_rate,
  ...Object.fromEntries(
    serviceNames.map((name) => [`CATALYST_${name.toUpperCase()}_ADDRESS`, addresses[name]]),
  ),
});
