import { z } from 'zod';
import type { AlpacaConnection } from './alpaca-connection.ts';
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
  listFills(filter: { after?: string }): Promise<BrokerFill[]>;
  listPositions(): Promise<BrokerPosition[]>;
}

const PAGE = 100;

export const createBrokerAccount = ({
  trading: host,
  accounts,
  activities,
  positions,
}: AlpacaConnection): BrokerAccountReads => ({
  getAccount: () => host.read('account', wireAccount, (init) => accounts.getAccountRaw(init)),
  listPositions: () =>
    host.read('positions', z.array(wirePosition), (init) => positions.getAllOpenPositionsRaw(init)),
  listFills: async ({ after }) => {
    const listed: BrokerFill[] = [];
    for (;;) {
      const pageToken = listed.at(-1)?.id;
      const page = await host.read('fills', z.array(wireFill), (init) =>
        activities.getAccountActivitiesByActivityTypeRaw(
          {
            activityType: 'FILL',
            direction: 'asc',
            pageSize: PAGE,
            ...(after && { after: new Date(after) }),
            ...(pageToken && { pageToken }),
          },
          init,
        ),
      );
      listed.push(...page);
      if (page.length < PAGE) return listed;
    }
  },
});
