import { setTimeout as pause } from 'node:timers/promises';
import type { Health } from '@catalyst/contracts';

const POLL_MS = 200;
/** The desk is whole once it has been well for so long. */
const WHOLE_FOR_MS = 1000;

interface Standing {
  is_well: boolean;
  /** The gravest word that a service said, and why. */
  says: string;
}

const RANK = ['healthy', 'degraded', 'unhealthy', 'no answer'] as const;

const ask = async (service: string, url: string) => {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(3000) });
    const { status, notes, database, redis } = (await answer.json()) as Health;
    const parts = [
      ...(database === 'disconnected' ? ['its database is away'] : []),
      ...(redis === 'disconnected' ? ['its Redis is away'] : []),
    ];
    return { service, status: status as (typeof RANK)[number], notes: [...notes, ...parts] };
  } catch {
    return { service, status: 'no answer' as const, notes: [] };
  }
};

const standing = async (urls: Readonly<Record<string, string>>): Promise<Standing> => {
  const answers = await Promise.all(Object.entries(urls).map(([name, url]) => ask(name, url)));
  const worst = answers.toSorted((a, b) => RANK.indexOf(b.status) - RANK.indexOf(a.status))[0]!;
  return {
    is_well: worst.status === 'healthy',
    says: [`${worst.service} ${worst.status}`, worst.notes[0]].filter(Boolean).join(': '),
  };
};

export interface Watch {
  /** Seconds until the first service said that something is wrong; null where none did. */
  seen_s: number | null;
  says: string;
  /** Seconds from its end to a desk that is well; null where that took too long. */
  whole_s: number | null;
}

/** Waits until every service has been well for a second. @returns seconds since the call, or null */
export const untilWell = async (
  urls: Readonly<Record<string, string>>,
  within_s: number,
): Promise<number | null> => {
  const begun = performance.now();
  let since: number | null = null;
  while (performance.now() - begun < within_s * 1000) {
    const { is_well } = await standing(urls);
    if (!is_well) since = null;
    else if (since === null) since = performance.now();
    else if (performance.now() - since >= WHOLE_FOR_MS) return (since - begun) / 1000;
    await pause(POLL_MS);
  }
  return null;
};

/**
 * Breaks something, waits until health says so, mends it after `lasts_s` where it does not mend
 * itself, and waits until the desk is whole.
 */
export const watchFault = async (
  urls: Readonly<Record<string, string>>,
  strike: () => Promise<(() => Promise<void>) | void>,
  lasts_s: number,
  within_s: number,
): Promise<Watch> => {
  const mend = await strike();
  const begun = performance.now();
  let seen_s: number | null = null;
  let says = 'nothing';
  const look_for_s = Math.max(lasts_s, 3);
  while (performance.now() - begun < look_for_s * 1000) {
    const now = await standing(urls);
    if (!now.is_well) {
      seen_s ??= (performance.now() - begun) / 1000;
      says = now.says;
      if (lasts_s === 0) break;
    }
    await pause(POLL_MS);
  }
  if (mend) await mend();
  const mended = mend ? 0 : (performance.now() - begun) / 1000;
  const rest = await untilWell(urls, within_s);
  return { seen_s, says, whole_s: rest === null ? null : rest + mended };
};
