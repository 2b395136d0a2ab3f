import { randomUUID } from 'node:crypto';
import type { Clock, Log, Mailer, Webhook } from '@catalyst/service-kit';

interface Deps {
  /** Why the database is of no use now, or null. */
  ask: () => Promise<string | null>;
  mailer: Mailer | null;
  webhook: Webhook | null;
  desk: string;
  clock: Pick<Clock, 'latest' | 'hold'>;
  log: Log;
  now?: () => number;
}

const AWAY_MS = 30_000;
const TELL_AGAIN_MS = 15 * 60_000;

/**
 * What no row can tell: that the database itself is away or takes no writes. Told directly, after
 * half a minute and then every fifteen; by the wall, since it is about this machine.
 */
export const createTellDatabaseAway = ({
  ask,
  mailer,
  webhook,
  desk,
  clock,
  log,
  now = () => performance.now(),
}: Deps) => {
  let since: number | null = null;
  let told_at = -Infinity;

  const tell = async (why: string): Promise<void> => {
    log.error('database_of_no_use', { why });
    const id = randomUUID();
    const subject = `Catalyst ${desk}: critical DATABASE_AWAY`;
    const plain_text = `CRITICAL DATABASE_AWAY\n  ${why}\n\nNothing new is entered; positions have their stops at the broker.\n`;
    const ends = await Promise.all([
      mailer?.send({
        message_id: `${id}@${mailer.from_domain}`,
        to: mailer.to,
        subject,
        plain_text,
        date: clock.latest(),
      }),
      webhook?.call(id, { text: subject, content: subject, desk, alerts: [] }),
    ]);
    if (ends.some((end) => end?.delivered)) told_at = now();
  };

  return async (): Promise<void> => {
    const why = await ask();
    if (why === null) {
      since = null;
      return;
    }
    since ??= now();
    if (now() - since < AWAY_MS || now() - told_at < TELL_AGAIN_MS) return;
    const { run, release } = clock.hold();
    await run(() => tell(why)).finally(release);
  };
};
