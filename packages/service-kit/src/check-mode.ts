import type { z } from 'zod';
import { isLoopback } from '@catalyst/runtime';
import { type serviceEnvironment } from './service-environment.ts';

const LIVE_HOST = 'api.alpaca.markets';

/** Run ids of rehearsals: their rows are of a market that was not, so they share no database. */
export const REHEARSAL_RUN = /^rehearsal-/;

/** Each address of a config that leads away from this machine, without what may be secret in it. */
const addressesElsewhere = (config: object, names: RegExp): string[] =>
  Object.entries(config).flatMap(([name, value]) => {
    if (!names.test(name) || typeof value !== 'string' || isLoopback(value)) return [];
    const { protocol, host } = new URL(value);
    return [`${name} is ${protocol}//${host}`];
  });

/** A rehearsal moves its own time: nothing of it may reach a market, a person or a desk's database. */
const rehearsalFaults = (
  config: Pick<z.output<typeof serviceEnvironment>, 'TRADING_MODE' | 'RUN_ID'>,
): string[] => {
  const elsewhere = addressesElsewhere(
    config,
    /^(ALPACA_(TRADING|DATA|STREAM)|SMTP|ALERT_WEBHOOK|HEARTBEAT)_URL$/,
  );
  return [
    ...(config.TRADING_MODE === 'paper'
      ? []
      : [
          `CLOCK_LINE is for rehearsals of a paper desk, but TRADING_MODE is ${config.TRADING_MODE}`,
        ]),
    ...(REHEARSAL_RUN.test(config.RUN_ID)
      ? []
      : [`CLOCK_LINE is for rehearsals, but RUN_ID is ${config.RUN_ID}: expected rehearsal-…`]),
    ...elsewhere.map(
      (address) =>
        `${address}: a rehearsal speaks with the simulator on this machine and with nobody else`,
    ),
  ];
};

/**
 * Holds the mode against everything that could contradict it. Live takes two deliberate acts:
 * TRADING_MODE=live and the account number in DESK_ACCOUNT; an address of the live exchange with
 * any other mode, or a replay that would leave this machine, refuses to start.
 */
export const checkMode = (
  config: z.output<typeof serviceEnvironment> & { ALPACA_TRADING_URL?: unknown },
): string[] => {
  const {
    TRADING_MODE: mode,
    DESK_ACCOUNT,
    REPLAY_START_AT,
    HANDLER_DELAY_MAX_MS,
    CLOCK_LINE,
    ALPACA_TRADING_URL,
  } = config;
  const faults = CLOCK_LINE ? rehearsalFaults(config) : [];
  if (mode === 'replay' && !REPLAY_START_AT)
    faults.push('REPLAY_START_AT is not set: a replay needs the instant at which its day begins');
  if (mode === 'replay')
    for (const address of addressesElsewhere(config, /^(SMTP|ALERT_WEBHOOK|HEARTBEAT)_URL$/))
      faults.push(`${address}: a replay tells nobody outside of this machine`);
  if (mode !== 'replay' && HANDLER_DELAY_MAX_MS > 0)
    faults.push('HANDLER_DELAY_MAX_MS is for replays only: leave it unset');
  if (mode === 'live' && DESK_ACCOUNT === 'unset')
    faults.push(
      'DESK_ACCOUNT is not set: TRADING_MODE=live also needs the number of the account that may be traded with real money',
    );
  if (typeof ALPACA_TRADING_URL === 'string') {
    const host = new URL(ALPACA_TRADING_URL).hostname;
    if (mode === 'live' && host !== LIVE_HOST)
      faults.push(
        `ALPACA_TRADING_URL is ${ALPACA_TRADING_URL}: TRADING_MODE=live trades at https://${LIVE_HOST} and nowhere else`,
      );
    if (mode !== 'live' && host === LIVE_HOST)
      faults.push(
        `ALPACA_TRADING_URL is the live exchange's, but TRADING_MODE is ${mode}: unset it for paper`,
      );
    if (mode === 'replay' && !isLoopback(ALPACA_TRADING_URL))
      faults.push(
        `ALPACA_TRADING_URL is ${ALPACA_TRADING_URL}: a replay trades with the simulator on this machine and nowhere else`,
      );
  }
  return faults;
};
