import type { Bar } from '@catalyst/domain';
import type { TradeLevels } from './pattern.ts';

export type TriggerCode =
  'triggered' | 'not_beyond_level' | 'volume_too_low' | 'volume_unknown' | 'ran_away';

export interface TriggerRules {
  /** The minute's volume as a multiple of the average. */
  volume_multiple: number;
  /** A close further beyond the level than this many risks (entry - stop) is chasing. */
  max_chase_risks: number;
}

export const DEFAULT_TRIGGER_RULES: TriggerRules = { volume_multiple: 1.5, max_chase_risks: 0.5 };

export interface TriggerDecision {
  triggered: boolean;
  code: TriggerCode;
  reason: string;
  evidence: { close: number; level: number; volume_ratio: number | null; chase_risks: number };
}

/**
 * Whether a finished one-minute bar closed beyond the set-up's level with volume, without having
 * run away from it.
 */
export const checkTrigger = (
  setup: Pick<TradeLevels, 'level' | 'entry' | 'stop'>,
  finishedMinute: Bar,
  averageVolume: number,
  rules: Partial<TriggerRules> = {},
): TriggerDecision => {
  const { volume_multiple, max_chase_risks } = { ...DEFAULT_TRIGGER_RULES, ...rules };
  const { close, volume } = finishedMinute;
  const volumeRatio = averageVolume > 0 ? volume / averageVolume : null;
  const chaseRisks = (close - setup.entry) / (setup.entry - setup.stop);
  const decide = (code: TriggerCode, reason: string): TriggerDecision => ({
    triggered: code === 'triggered',
    code,
    reason,
    evidence: { close, level: setup.level, volume_ratio: volumeRatio, chase_risks: chaseRisks },
  });
  if (!(close > setup.level))
    return decide('not_beyond_level', `close was ${close}, not above ${setup.level}`);
  if (volumeRatio === null) return decide('volume_unknown', 'the average volume was not known');
  const ratio = volumeRatio.toFixed(2);
  if (volumeRatio < volume_multiple)
    return decide('volume_too_low', `volume was ${ratio} x the average, below ${volume_multiple}`);
  if (!(chaseRisks <= max_chase_risks)) {
    return decide(
      'ran_away',
      `close was ${chaseRisks.toFixed(2)} risks beyond the entry, above ${max_chase_risks}`,
    );
  }
  return decide(
    'triggered',
    `closed at ${close} above ${setup.level} on ${ratio} x the average volume`,
  );
};
