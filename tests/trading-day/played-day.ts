import type { DailyReport } from '@catalyst/contracts';
import type { LedgerRow } from '@catalyst/platform';
import { latestMails, readLedger, type Replay } from '@catalyst/testkit';
import PostalMime, { type Email } from 'postal-mime';

/** The bundled day when it is over, with what all that ask about it read. */
export interface PlayedDay {
  replay: Replay;
  report: DailyReport;
  /** What the broker wrote of it. */
  ledger: LedgerRow[];
  mails: Email[];
  query<T extends object>(sql: string, values?: unknown[]): Promise<T[]>;
}

export const playDay = async (replay: Replay): Promise<PlayedDay> => {
  const report = await replay.finish();
  return {
    replay,
    report,
    ledger: await readLedger(replay),
    mails: await Promise.all(latestMails(replay).map((text) => PostalMime.parse(text))),
    query: (sql, values = []) => replay.database.query(sql, values),
  };
};
