import { services, type ServiceName } from '@catalyst/contracts';
import { newYorkTime } from '@catalyst/domain';
import { keyHashesFor, type ServiceKeys } from './service-keys.ts';
import type { SimulatorAddress } from './start-simulator.ts';

export type TradingMode = 'replay' | 'paper' | 'live';

export type FleetAddresses = {
  mode: TradingMode;
  run_id: string;
  database_url: string;
  redis_url: string;
  /** CATALYST_HOME of the services: config, state, reports. */
  home: string;
  /**
   * The exchange of a replay or a rehearsal; paper and live desks take their vendors' addresses and keys from
   * `env`.
   */
  simulator?: SimulatorAddress;
  /** Who may speak MCP, as workflow lets them in: a name -> SHA-256 of the key. */
  mcp_key_hashes?: Readonly<Record<string, string>>;
  /** The secret of the desk's pages and OAuth, and where the desk is called from outside. */
  door?: { secret: string; public_url?: string };
  log_level?: string;
  /** More variables for every service; these win. */
  env?: Record<string, string>;
};

/** New York's clock at which the simulator begins a day. */
const replay_start_clock = '04:00';

/** What a process needs from this machine whatever it does. */
const inherited = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
];

/** The name of the variable that holds a service's address: SCANNER_URL. */
export const urlVariable = (name: ServiceName): string => `${name.toUpperCase()}_URL`;

const simulatorVariables = (
  name: ServiceName,
  simulator: SimulatorAddress,
  mode: TradingMode,
): Record<string, string> => {
  const account = simulator.accounts[0];
  if (account === undefined) throw new Error('the simulator has no account');
  return {
    ALPACA_API_KEY: account.key_id,
    ALPACA_SECRET_KEY: account.secret_key,
    ALPACA_TRADING_URL: simulator.url,
    ALPACA_DATA_URL: simulator.url,
    ALPACA_STREAM_URL: simulator.stream_url,
    SMTP_URL: simulator.smtp,
    DESK_ACCOUNT: account.account_number,
    MAIL_FROM: 'Catalyst <desk@catalyst.test>',
    MAIL_TO: 'operator@catalyst.test',
    // a rehearsal's desk knows of no simulator: to it this is its broker
    ...(mode === 'replay'
      ? { REPLAY_START_AT: newYorkTime(simulator.trade_date, replay_start_clock) }
      : {}),
    ...(mode === 'replay' && name === 'workflow' ? { SIMULATOR_URL: simulator.url } : {}),
  };
};

/** The whole environment of one service: nothing else of ours reaches it. */
export const serviceEnvironment = (
  name: ServiceName,
  addresses: FleetAddresses,
  keys: ServiceKeys,
  urls: Record<ServiceName, string>,
): Record<string, string> => {
  const environment: Record<string, string> = {};
  for (const variable of inherited)
    if (process.env[variable] !== undefined) environment[variable] = process.env[variable];
  for (const [other, url] of Object.entries(urls))
    environment[urlVariable(other as ServiceName)] = url;
  return {
    ...environment,
    // as in the image; without it, what writes logs loads colours for a terminal
    NODE_ENV: 'production',
    TZ: 'UTC',
    HOST: '127.0.0.1',
    PORT: new URL(urls[name]).port,
    TRADING_MODE: addresses.mode,
    RUN_ID: addresses.run_id,
    REDIS_URL: addresses.redis_url,
    CATALYST_HOME: addresses.home,
    LOG_LEVEL: addresses.log_level ?? 'info',
    SERVICE_KEY: keys[name],
    SERVICE_KEY_HASHES: JSON.stringify(keyHashesFor(name, keys)),
    ...(name === 'workflow'
      ? { MCP_KEY_HASHES: JSON.stringify(addresses.mcp_key_hashes ?? {}) }
      : {}),
    ...(addresses.door !== undefined && (name === 'workflow' || name === 'orchestration')
      ? { DOOR_SECRET: addresses.door.secret }
      : {}),
    ...(addresses.door?.public_url !== undefined && name === 'orchestration'
      ? { PUBLIC_URL: addresses.door.public_url }
      : {}),
    ...(services[name].uses_database ? { DATABASE_URL: addresses.database_url } : {}),
    ...(addresses.simulator === undefined
      ? {}
      : simulatorVariables(name, addresses.simulator, addresses.mode)),
    ...addresses.env,
  };
};
