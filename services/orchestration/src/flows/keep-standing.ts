import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DeskStanding } from '@catalyst/contracts';
import { STANDING_KEPT_MS, standingKey, type RedisConnection } from '@catalyst/service-kit';
import type { Services } from '../services.ts';
import type { ShareReads } from './share-reads.ts';

interface Deps {
  workflow: Pick<Services['workflow'], 'showStanding'>;
  reads: ShareReads;
  redis: RedisConnection;
  run_id: string;
  /** Where the halt file is, if this service is let see it. */
  home: string;
  /** The desk's time, as far as it is known here. */
  now: () => string;
}

interface Kept {
  standing: DeskStanding;
  turn: number;
  asked_at: number;
}

/** Bells ring on whole minutes, and sessions of another day begin on one. */
const minuteOf = (instant: string): string => instant.slice(0, 16);

/**
 * How the desk stands, asked of workflow and kept for a tenth of a second under all that it depends
 * on: the mark that whoever changes it changes before it answers, and the halt file. Where either
 * cannot be seen nothing is kept.
 */
export const createKeepStanding = ({ workflow, reads, redis, run_id, home, now }: Deps) => {
  const folder = join(home, 'state');
  const key = standingKey(run_id);
  let mark: string | null = null;
  let kept: Kept | null = null;

  const haltMark = (): string | null => {
    try {
      const file = statSync(join(folder, 'halt'), { throwIfNoEntry: false });
      if (file) return `${file.ino} ${file.mtimeMs} ${file.size}`;
      return existsSync(folder) ? 'none' : null;
    } catch {
      return null;
    }
  };
  const readMark = async (): Promise<string | null> => {
    if (redis.status !== 'ready') return null;
    try {
      const told = await redis.get(key);
      const halt = haltMark();
      return halt === null ? null : `${told} ${halt}`;
    } catch {
      return null;
    }
  };
  const ask = async (): Promise<DeskStanding> => {
    const [under, turn, asked_at] = [mark, reads.turn(), performance.now()];
    const standing = await workflow.showStanding();
    if (under !== null && standing.trading !== null) kept = { standing, turn, asked_at };
    return standing;
  };
  /** What is kept, at the desk's time; null where that is too old or was changed. */
  const recall = (): DeskStanding | null => {
    if (kept?.turn !== reads.turn() || performance.now() - kept.asked_at >= STANDING_KEPT_MS)
      return null;
    const [{ standing }, at] = [kept, now()];
    if (at <= standing.as_of) return standing;
    return minuteOf(at) === minuteOf(standing.as_of) ? { ...standing, as_of: at } : null;
  };

  return {
    /** Looks whether anything changed: what is answered behind it knows of all that was before. */
    look: async (): Promise<void> => {
      const seen = await readMark();
      if (seen === mark) return;
      mark = seen;
      reads.askAnew();
    },
    read: async (): Promise<DeskStanding> => recall() ?? reads.share('standing', ask),
  };
};
export type KeepStanding = ReturnType<typeof createKeepStanding>;
