import type { Instant } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { BookReads } from '../book.ts';
import type { StandingRow } from '../book-rows.ts';
import { isHalted, isVoid, whyStopped, type TradingStanding } from '../domain/entry-ban.ts';
import type { HaltFile, LifeDeps } from './life-deps.ts';

/**
 * Whether the desk is stopped, from risk's row and from the halt file: read in the transaction that
 * intends an entry and again before each time that one is sent. A file that was seen holds until a
 * person resumes.
 */
export const createWatchStops = (
  { book, clock, log }: LifeDeps,
  haltFile: HaltFile,
  epoch: () => number | null,
) => {
  let latest: TradingStanding & Pick<StandingRow, 'on_behalf_of' | 'epoch'> = {
    state: null,
    reason: null,
    stopped_at: null,
    sighted: null,
    halt_file: null,
    on_behalf_of: null,
    epoch: null,
  };
  let seen: string | null = null;

  const sight = async (): Promise<void> => {
    const reason = haltFile.read();
    const isNew = reason !== null && seen === null;
    latest = { ...latest, halt_file: reason };
    if (isNew) {
      log.warn('halt_file_seen', { reason });
      await book.transaction((tx) => tx.noteHaltFile(reason, clock.latest()));
    }
    seen = reason;
  };
  const read = async (reads: BookReads): Promise<typeof latest> =>
    (latest = { ...(await reads.readStanding()), halt_file: haltFile.read() });

  return {
    /** Each second: sees the file, keeps what it saw, and reads risk's row. */
    look: async (): Promise<void> => {
      await sight();
      await read(book);
    },
    /** True while `flatten --direct` closes at the broker: whoever acts beside it takes its shares. */
    isDirect: (): boolean => haltFile.isDirect(),
    isHalted: (): boolean => isHalted(latest) && latest.state !== null,
    /** A person's or a limit's word to sell everything that is not carried out yet. */
    flattening: (): 'manual' | 'risk_flatten' | null => {
      if (latest.state !== 'flattening') return null;
      return latest.on_behalf_of === null ? 'risk_flatten' : 'manual';
    },
    /** Sees the file and keeps what it saw; never inside of a transaction, which may be undone. */
    sight,
    /**
     * @throws AppError DESK_TAKEN_OVER where another process trades; DESK_STOPPED while the desk is not active; APPROVAL_EXPIRED for an approval
     * from before the last stop
     */
    assertMayEnter: async (reads: BookReads, approved_at: Instant | null): Promise<void> => {
      const standing = await read(reads);
      if (standing.epoch !== epoch())
        throw new AppError(
          'DESK_TAKEN_OVER',
          'nothing is entered: another process does the work of trading at this desk',
          { epoch: epoch(), holder: standing.epoch },
        );
      const why = whyStopped(standing);
      if (why !== null) throw new AppError('DESK_STOPPED', `nothing is entered: ${why}`);
      if (approved_at !== null && isVoid(approved_at, standing))
        throw new AppError(
          'APPROVAL_EXPIRED',
          `the approval of ${approved_at} is void: the desk was stopped at ${standing.stopped_at}`,
          { approved_at, stopped_at: standing.stopped_at },
        );
    },
  };
};
export type WatchStops = ReturnType<typeof createWatchStops>;
