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
  /** A file that was seen and is not kept yet; until it is, it holds though it may be gone. */
  let due: { reason: string; at: Instant } | null = null;

  const readFile = (): string | null => {
    const reason = haltFile.read();
    if (reason !== null && seen === null) due ??= { reason, at: clock.latest() };
    return reason;
  };
  const sight = async (): Promise<void> => {
    const reason = readFile();
    latest = { ...latest, halt_file: reason ?? due?.reason ?? null };
    if (due !== null) {
      const kept = due;
      log.warn('halt_file_seen', { reason: kept.reason });
      await book.transaction((tx) => tx.noteHaltFile(kept.reason, kept.at));
      due = null;
    }
    seen = reason;
  };
  const read = async (reads: BookReads): Promise<typeof latest> => {
    const standing = await reads.readStanding();
    return (latest = { ...standing, halt_file: readFile() ?? due?.reason ?? null });
  };

  return {
    /** Each second: sees the file, keeps what it saw, and reads risk's row. */
    look: async (): Promise<void> => {
      await sight();
      await read(book);
      // it came between the two
      if (due !== null) await sight();
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
