import type { SimulatorFacts } from './simulator-options.ts';

interface Started {
  facts: SimulatorFacts;
  /** `stepped`, or the name of the clock that runs by itself. */
  clock: string;
  /** New York clock time at which the day begins. */
  at: string;
  /** Opening cash of each account in dollars. */
  cash: string;
}

/** What makes clients trust the simulator's own certificate: Node, then Python's two ways. */
const trustLines = (certificate: string): string[] => [
  `  export NODE_EXTRA_CA_CERTS=${certificate}`,
  `  export SSL_CERT_FILE=${certificate}`,
  `  export REQUESTS_CA_BUNDLE=${certificate}`,
];

/**
 * What a person needs next, once everything listens: what it is, where it is, and the lines that
 * point a client of Alpaca's to it.
 */
export const describeStart = ({ facts, clock, at, cash }: Started): string => {
  const { url, accounts, trade_date, certificate } = facts;
  const [first, ...others] = accounts as [
    SimulatorFacts['accounts'][number],
    ...SimulatorFacts['accounts'],
  ];
  const streams = Object.entries(facts).filter(
    (entry): entry is [string, string] =>
      entry[0].endsWith('stream_url') && typeof entry[1] === 'string',
  );
  const streamNames: Record<string, string> = {
    stream_url: 'trade updates',
    data_stream_url: 'stock data',
    news_stream_url: 'news',
  };
  const isStepped = clock === 'stepped';
  const curl = certificate === null ? 'curl' : `curl --cacert ${certificate}`;
  return [
    'This is a simulation: no order reaches a market, no money moves and no mail is delivered.',
    `It replays ${trade_date} from ${facts.day}.`,
    isStepped
      ? `The clock stands at ${at} in New York and moves when it is told to:`
      : `The clock runs (${clock}) from ${at} in New York until the day's fees are booked at 20:15. Where it stands:`,
    isStepped
      ? `  ${curl} -X POST ${url}/sim/step -d '{"minutes": 1}'`
      : `  ${curl} ${url}/sim/status`,
    '',
    `Point a client of Alpaca's at account ${first.account_number}, which begins with $${cash}:`,
    `  export APCA_API_BASE_URL=${url}`,
    `  export APCA_API_DATA_URL=${url}`,
    `  export APCA_DATA_BASE_URL=${url}`,
    `  export APCA_API_STREAM_URL=${url}`,
    `  export APCA_API_KEY_ID=${first.key_id}`,
    `  export APCA_API_SECRET_KEY=${first.secret_key}`,
    ...(certificate === null ? [] : trustLines(certificate)),
    `  ${curl} -H "APCA-API-KEY-ID: $APCA_API_KEY_ID" -H "APCA-API-SECRET-KEY: $APCA_API_SECRET_KEY" ${url}/v2/account`,
    '',
    ...streams.map(
      ([field, address]) => `${`${streamNames[field] ?? field}`.padEnd(15)}${address}`,
    ),
    `${'mail'.padEnd(15)}${facts.smtp} (read it at ${url}/sim/mail)`,
    ...others.map(
      ({ account_number, key_id, secret_key }) =>
        `${account_number.padEnd(15)}key ${key_id}, secret ${secret_key}`,
    ),
    '',
    'Ctrl+C stops it.',
  ].join('\n');
};
