import { setTimeout as pause } from 'node:timers/promises';
import type { DrillDesk } from './drill-desk.ts';

const PUBLISHED_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** Events that the desk has written and, at rest, does not publish; in words. */
export const eventsLeft = async ({ database }: DrillDesk): Promise<string[]> => {
  const give_up_at = performance.now() + PUBLISHED_WITHIN_MS;
  for (;;) {
    const [row] = await database.query<{ rows: number }>(
      'SELECT count(*)::integer AS rows FROM outbox WHERE published_at IS NULL',
    );
    if (row!.rows === 0) return [];
    if (performance.now() > give_up_at) return [`${row!.rows} events wait to be published`];
    await pause(LOOK_EVERY_MS);
  }
};
