import { z } from 'zod';
import type { AlpacaConnection } from './alpaca-connection.ts';
import { idOf, type TellUnread } from './read-items.ts';
import {
  wireAccount,
  wireFill,
  wirePosition,
  type BrokerAccount,
  type BrokerFill,
  type BrokerPosition,
} from './wire/account.ts';

export interface BrokerAccountReads {
  getAccount(): Promise<BrokerAccount>;
  /** Executions later than the instant, all pages, oldest first. */
  listFills(filter: { after?: string }, tellUnread?: TellUnread): Promise<BrokerFill[]>;
  listPositions(tellUnread?: TellUnread): Promise<BrokerPosition[]>;
}

const PAGE = 100;

export const createBrokerAccount = ({
  trading: host,
  items,
  accounts,
  activities,
  positions,
}: AlpacaConnection): BrokerAccountReads => ({
  getAccount: () => host.read('account', wireAccount, (init) => accounts.getAccountRaw(init)),
  listPositions: async (tellUnread) =>
    items.read(
      'positions',
      wirePosition,
      await host.read('positions', z.array(z.unknown()), (init) =>
        positions.getAllOpenPositionsRaw(init),
      ),
      tellUnread,
    ),
  listFills: async ({ after }, tellUnread) => {
    const listed: BrokerFill[] = [];
    let pageToken: string | null = null;
    for (;;) {
      const token: string | null = pageToken;
      const page: unknown[] = await host.read('fills', z.array(z.unknown()), (init) =>
        activities.getAccountActivitiesByActivityTypeRaw(
          {
            activityType: 'FILL',
            direction: 'asc',
            pageSize: PAGE,
            ...(after && { after: new Date(after) }),
            ...(token !== null && { pageToken: token }),
          },
          init,
        ),
      );
      listed.push(...items.read('fills', wireFill, page, tellUnread));
      pageToken = idOf(page.at(-1));
      if (page.length < PAGE || pageToken === null) return listed;
    }
  },
});
