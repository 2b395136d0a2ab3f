import { createBrokerage, whyBlocked } from '@catalyst/brokerage';
import { AppError, systemClock } from '@catalyst/runtime';
import type { BrokerKeys } from '../home/broker-keys.ts';
import { ClientError } from '../home/client-home.ts';
import type { Profile } from '../home/profile.ts';
import { isOnThisMachine } from '../stream/desk-address.ts';

export type TriedBroker = Pick<Profile, 'account_kind' | 'account_number' | 'broker'> & {
  /** Why it takes no orders; null where it does. */
  blocked: string | null;
  equity_usd: string;
  is_open: boolean;
  /** What it holds already, which the client will leave alone. */
  held: string[];
};

const PAPER = {
  trading_url: 'https://paper-api.alpaca.markets',
  data_url: 'https://data.alpaca.markets',
  stream_url: 'wss://paper-api.alpaca.markets/stream',
  feed: 'iex',
} as const;
const LIVE = {
  ...PAPER,
  trading_url: 'https://api.alpaca.markets',
  stream_url: 'wss://api.alpaca.markets/stream',
} as const;

/** Alpaca's paper key ids begin with PK; all others are tried as a live account's. */
const brokerOf = (
  key_id: string,
  simulated_url: string | null,
): Pick<Profile, 'account_kind' | 'broker'> => {
  if (simulated_url === null)
    return key_id.startsWith('PK')
      ? { account_kind: 'paper', broker: PAPER }
      : { account_kind: 'live', broker: LIVE };
  if (!isOnThisMachine(simulated_url))
    throw new ClientError(
      `the address of a simulated broker must be on this machine, was ${simulated_url}`,
    );
  const { origin, host } = new URL(simulated_url);
  return {
    account_kind: 'simulated',
    broker: {
      trading_url: origin,
      data_url: origin,
      stream_url: `ws://${host}/stream`,
      feed: 'iex',
    },
  };
};

/**
 * Shows the keys to the broker before anything depends on them.
 * @throws ClientError where it does not take them
 */
export const tryBrokerKeys = async (
  keys: BrokerKeys,
  simulated_url: string | null,
): Promise<TriedBroker> => {
  const { account_kind, broker } = brokerOf(keys.key_id, simulated_url);
  const silent = () => undefined;
  const { account, reference } = createBrokerage({
    config: {
      ALPACA_API_KEY: keys.key_id,
      ALPACA_SECRET_KEY: keys.secret_key,
      ALPACA_TRADING_URL: broker.trading_url,
      ALPACA_DATA_URL: broker.data_url,
      ALPACA_STREAM_URL: broker.stream_url,
      ALPACA_DATA_FEED: broker.feed,
    },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    clock: systemClock,
    mode: 'paper',
    process: 'cli',
    timeout_ms: 5000,
  });
  const told = await account.getAccount().catch((error: unknown) => {
    // a desk has its keys from its environment, an owner types them or names a file
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'VENDOR_UNAVAILABLE')
      throw new ClientError(
        `${error.message}: look whether this machine reaches ${broker.trading_url}`,
      );
    if (error.code !== 'VENDOR_REFUSED_KEYS') throw error;
    throw new ClientError(
      error.message.replace(/ALPACA_API_KEY and ALPACA_SECRET_KEY at account/, 'the broker keys'),
    );
  });
  const [{ is_open }, held] = await Promise.all([reference.getClock(), account.listPositions()]);
  return {
    account_kind,
    broker,
    account_number: told.account_number,
    blocked: whyBlocked(told),
    equity_usd: told.equity,
    is_open,
    held: held.map(({ symbol }) => symbol),
  };
};
