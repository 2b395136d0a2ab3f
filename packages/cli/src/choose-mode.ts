import { UsageError } from './exit-codes.ts';

/** What an embedded desk can be. */
export const embedded_modes = ['replay', 'paper'] as const;
export type EmbeddedMode = (typeof embedded_modes)[number];

/** Alpaca's own names work too; each may be given as NAME_FILE. */
const key_names = ['ALPACA_API_KEY', 'ALPACA_SECRET_KEY', 'APCA_API_KEY_ID', 'APCA_API_SECRET_KEY'];

/**
 * What was said on the command line, else TRADING_MODE, else paper where a key of Alpaca is set and
 * a replay where none is. Any other word is refused, and `live` above all: an embedded desk never
 * trades live.
 */
export const chooseMode = (
  wanted: EmbeddedMode | undefined,
  env: NodeJS.ProcessEnv,
): { mode: EmbeddedMode; why: string } => {
  const told = env.TRADING_MODE === '' ? undefined : env.TRADING_MODE;
  if (told === 'live')
    throw new UsageError(
      'an embedded desk does not trade live; use the server set-up with TRADING_MODE=live',
    );
  if (wanted !== undefined) return { mode: wanted, why: 'as --mode says' };
  if (told !== undefined) {
    const mode = embedded_modes.find((name) => name === told);
    if (mode === undefined)
      throw new UsageError(`TRADING_MODE is "${told}": an embedded desk takes replay or paper`);
    return { mode, why: 'as TRADING_MODE says' };
  }
  const key = key_names.find((name) => (env[name] ?? env[`${name}_FILE`] ?? '') !== '');
  return key === undefined
    ? { mode: 'replay', why: 'no keys of Alpaca are set' }
    : { mode: 'paper', why: `${env[key] === undefined ? `${key}_FILE` : key} is set` };
};
