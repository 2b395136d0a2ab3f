import type { Instant } from '@catalyst/domain';
import type { Alert, LifeDeps } from './life-deps.ts';

/** Shares that are held without a stop and without an exit at the broker. */
export interface Naked {
  symbol: string;
  qty: string;
  why: string;
  since: Instant;
}
export interface Mended {
  symbol: string;
  action: string;
  /** An entry ended without the broker having it. */
  is_refused: boolean;
}

/**
 * Keeps what is naked for whoever asks how the desk is, and tells a person: at once of what is naked
 * though the desk tried, and of each thing that had to be mended.
 */
export const createTellNaked = ({ alerts, log, clock }: LifeDeps) => {
  const naked = new Map<string, Naked>();
  const raise = (draft: Alert): void => {
    // nothing waits for it: what is unsafe is acted on first
    void alerts
      .raise(draft)
      .catch((error: unknown) => log.error('alert_not_raised', { code: draft.code, error }));
  };
  return {
    /** Says that a position is naked, or with null that it is not. */
    note: (position_id: string, found: Omit<Naked, 'since'> | null): void => {
      const known = naked.get(position_id);
      if (found === null) {
        if (naked.delete(position_id))
          log.info('position_no_longer_naked', { symbol: known!.symbol });
        return;
      }
      naked.set(position_id, { ...found, since: known?.since ?? clock.latest() });
      if (known) return;
      const { symbol, qty, why } = found;
      log.error('position_naked', { symbol, qty, why });
      raise({
        severity: 'critical',
        code: 'NAKED',
        subject: symbol,
        message: `NAKED: ${qty} ${symbol} are held without a stop and without an exit, and the desk tries again each second: ${why}`,
        details: { symbol, qty },
      });
    },
    /** What is not open any more is not naked. */
    keepOnly: (open: ReadonlySet<string>): void => {
      for (const id of naked.keys()) if (!open.has(id)) naked.delete(id);
    },
    mended: ({ symbol, action, is_refused }: Mended): void => {
      log.warn('position_mended', { symbol, action });
      // workflow tells of an entry that ended without the broker having it
      if (is_refused) return;
      raise({
        severity: 'warning',
        code: 'POSITION_MENDED',
        subject: symbol,
        message: `${symbol}: ${action}`,
        details: { symbol },
      });
    },
    list: (): Naked[] => [...naked.values()],
    of: (position_id: string): Naked | undefined => naked.get(position_id),
  };
};
export type TellNaked = ReturnType<typeof createTellNaked>;
