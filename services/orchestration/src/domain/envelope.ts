import { deskStanding, tradingState, type DeskStanding } from '@catalyst/contracts';
import { instant, sessions } from '@catalyst/domain';
import { z } from 'zod';
import { visibleLine } from './outside-words.ts';
import { ageWords, newYork } from './wording.ts';

export type Mode = 'replay' | 'paper' | 'live';

/** What every answer begins with, an error's too: of which desk it is, how that stands, of when. */
export const envelope = z.object({
  mode: z.enum(['replay', 'paper', 'live']),
  /** The desk's time; null where workflow does not answer. */
  now: instant.nullable(),
  trading_state: z.enum([...tradingState.options, 'unknown']),
  trading_reason: z.string(),
  session: deskStanding.shape.cycle,
  exchange: z.enum([...sessions, 'unknown']),
  /** Of when the data is, where it is not of now, and how old that makes it. */
  data_as_of: instant.optional(),
  data_age_seconds: z.int().optional(),
});
export type Envelope = z.infer<typeof envelope>;

/** Reasons are persons' words: as much of one as a line has room for. */
const REASON_LENGTH = 100;

const shortReason = (reason: string): string => {
  const line = visibleLine(reason);
  return line.length > REASON_LENGTH ? `${line.slice(0, REASON_LENGTH)}…` : line;
};

/**
 * @param standing null where workflow does not answer
 * @param data_as_of of when the data is, where it is older than the answer
 */
export const toEnvelope = (
  mode: Mode,
  standing: DeskStanding | null,
  data_as_of: string | null = null,
): Envelope => {
  const now = standing?.as_of ?? null;
  const age =
    data_as_of === null || now === null
      ? null
      : Math.max(0, Math.round((Date.parse(now) - Date.parse(data_as_of)) / 1000));
  return {
    mode,
    now,
    trading_state: standing?.trading?.state ?? 'unknown',
    trading_reason: standing?.trading
      ? shortReason(standing.trading.reason)
      : `${standing ? 'risk' : 'workflow'} does not answer`,
    session: standing?.cycle ?? null,
    exchange: standing?.exchange ?? 'unknown',
    ...(data_as_of !== null && { data_as_of }),
    ...(age !== null && { data_age_seconds: age }),
  };
};

/** The first line of every text. */
export const envelopeLine = (given: Envelope): string => {
  const { mode, now, trading_state, trading_reason, session, exchange, data_age_seconds } = given;
  const because = trading_state === 'active' ? '' : ` (${trading_reason})`;
  return [
    `[${mode.toUpperCase()}]`,
    [
      now === null ? 'time unknown' : newYork(now),
      `trading ${trading_state}${because}`,
      session === null
        ? 'no session'
        : `${session.session_mode} session of ${session.trade_date} ${session.state}`,
      `exchange ${exchange.replaceAll('_', ' ')}`,
      ...(data_age_seconds === undefined || data_age_seconds < 60
        ? []
        : [`data of ${newYork(given.data_as_of!)}, ${ageWords(data_age_seconds)} old`]),
    ].join(' · '),
  ].join(' ');
};
