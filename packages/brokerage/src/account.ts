import { z } from 'zod';
import { readAnswer, type AlpacaConnection } from './alpaca-connection.ts';
import { idOf, type TellUnread } from './read-items.ts';
import { toAppError } from './vendor-errors.ts';
import {
  wireAccount,
  wireFee,
  wireFill,
  wirePosition,
  wireTransfer,
  type BrokerAccount,
  type BrokerFee,
  type BrokerFill,
  type BrokerPosition,
  type BrokerTransfer,
} from './wire/account.ts';

export interface BrokerAccountReads {
  getAccount(): Promise<BrokerAccount>;
  /** Executions later than the instant, all pages, oldest first. */
  listFills(filter: { after?: string }, tellUnread?: TellUnread): Promise<BrokerFill[]>;
  /** Fees charged later than the instant, all pages, oldest first; those of options are left out. */
  listFees(filter: { after: string }, tellUnread?: TellUnread): Promise<BrokerFee[]>;
  /** Deposits and withdrawals of cash later than the instant, all pages, oldest first. */
  listTransfers(filter: { after: string }, tellUnread?: TellUnread): Promise<BrokerTransfer[]>;
  listPositions(tellUnread?: TellUnread): Promise<BrokerPosition[]>;
  /**
   * Cancels every order of the account and closes all that it holds, each by itself: bounded by what
   * is held, so that it cannot turn a position around however often it is asked.
   */
  closeEverything(): Promise<ClosedAtBroker[]>;
  /** Closes what the account holds of one symbol, in the same way; its orders must have ended. */
  closeSymbol(symbol: string): Promise<ClosedAtBroker>;
}

/** What the broker made of the close of one symbol; `refused` says why it was not taken. */
export interface ClosedAtBroker {
  symbol: string;
  refused: string | null;
}

const closedOf = z.object({
  symbol: z.string(),
  status: z.int(),
  body: z.object({ message: z.string().nullish() }).nullish(),
});

const PAGE = 100;
/** Fees of options alone, which the desk does not trade. */
const OF_OPTIONS: ReadonlySet<string> = new Set(['ORF', 'OCC']);

export const createBrokerAccount = ({
  trading: host,
  items,
  accounts,
  activities,
  positions,
}: AlpacaConnection): BrokerAccountReads => {
  const allActivities = async (
    activityType: 'FILL' | 'FEE' | 'TRANS',
    list: string,
    after: string | undefined,
  ): Promise<unknown[]> => {
    const listed: unknown[] = [];
    let pageToken: string | null = null;
    for (;;) {
      const token: string | null = pageToken;
      const page: unknown[] = await host.read(list, z.array(z.unknown()), (init) =>
        activities.getAccountActivitiesByActivityTypeRaw(
          {
            activityType,
            direction: 'asc',
            pageSize: PAGE,
            ...(after && { after: new Date(after) }),
            ...(token !== null && { pageToken: token }),
          },
          init,
        ),
      );
      listed.push(...page);
      pageToken = idOf(page.at(-1));
      if (page.length < PAGE || pageToken === null) return listed;
    }
  };
  return {
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
    closeEverything: async () => {
      try {
        const answer = await host.act(async (init) =>
          (await positions.deleteAllOpenPositionsRaw({ cancelOrders: true }, init)).raw.json(),
        );
        return readAnswer('closed positions', z.array(closedOf), answer).map(
          ({ symbol, status, body }) => ({
            symbol,
            refused: status < 300 ? null : (body?.message ?? `status ${status}`),
          }),
        );
      } catch (error) {
        throw toAppError('closed positions', error);
      }
    },
    closeSymbol: async (symbol) => {
      try {
        await host.act((init) =>
          positions.deleteOpenPositionRaw({ symbolOrAssetId: symbol }, init),
        );
        return { symbol, refused: null };
      } catch (error) {
        const failure = toAppError('closed position', error);
        if (failure.retryable) throw failure;
        return { symbol, refused: failure.message };
      }
    },
    listFills: async ({ after }, tellUnread) =>
      items.read('fills', wireFill, await allActivities('FILL', 'fills', after), tellUnread),
    listTransfers: async ({ after }, tellUnread) =>
      items.read(
        'transfers',
        wireTransfer,
        await allActivities('TRANS', 'transfers', after),
        tellUnread,
      ),
    listFees: async ({ after }, tellUnread) =>
      items
        .read('fees', wireFee, await allActivities('FEE', 'fees', after), tellUnread)
        .filter(({ kind }) => !OF_OPTIONS.has(kind)),
  };
};
