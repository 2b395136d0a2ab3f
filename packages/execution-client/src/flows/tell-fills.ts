import { inNewYork, newYorkTime, rMultiple, stableId } from '@catalyst/domain';
import type { SignalFeedback } from '@catalyst/contracts';
import { tradesSince, type FollowedPosition } from '../store/own-positions.ts';
import { queueFeedback } from '../store/signal-store.ts';
import type { ClientParts } from './client-parts.ts';

type Told = SignalFeedback & { feedback_id: string };

/** Keeps what was filled to be told to the desk, if the owner allows that; each outcome once. */
export const createTellFills =
  ({ database, signals, limits, clock, profile }: ClientParts) =>
  async (): Promise<void> => {
    if (!limits().send_fills) return;
    const nameOf = (signal_id: string, outcome: string): string =>
      stableId('feedback', signal_id, profile.client_id, outcome);

    const outcomesOf = ({ position, signal_id }: FollowedPosition): Told[] => {
      const { direction, status, entry_price, entered_at, exit_price, initial_stop_price } =
        position;
      if (entry_price === null || entered_at === null) return [];
      const sent_at = signals.read(signal_id)?.signal.at ?? entered_at;
      const delay_ms = Math.max(0, Date.parse(entered_at) - Date.parse(sent_at));
      const entered: Told = {
        feedback_id: nameOf(signal_id, 'entered'),
        signal_id,
        outcome: 'entered',
        entry_price,
        delay_ms,
      };
      if (status !== 'closed' || exit_price === null) return [entered];
      const r_multiple = rMultiple(direction, entry_price, exit_price, initial_stop_price);
      const closed: Told = {
        ...entered,
        feedback_id: nameOf(signal_id, 'closed'),
        outcome: 'closed',
        exit_price,
        ...(r_multiple !== null && { r_multiple }),
      };
      return [entered, closed];
    };

    const now = clock.now();
    const told = tradesSince(database, newYorkTime(inNewYork(now).date, '00:00')).flatMap(
      outcomesOf,
    );
    const isKnown = ({ feedback_id }: Told): boolean =>
      database.one('SELECT 1 FROM feedback WHERE feedback_id = ?', feedback_id) !== undefined;
    const news = told.filter((one) => !isKnown(one));
    if (news.length > 0)
      await database.write((tx) => {
        for (const one of news) queueFeedback(tx, one, now);
      });
  };
