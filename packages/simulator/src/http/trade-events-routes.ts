import type { Response, Router } from 'express';
import type { Account } from '../exchange/account.ts';
import type { TradeUpdate } from '../exchange/exchange-context.ts';
import { beyondMilliseconds, toNanoseconds, type Nanoseconds } from '../nanoseconds.ts';
import type { Simulation } from '../simulation.ts';
import { createFrame, type FrameReader, type Outgoing } from '../stream/outgoing.ts';
import { isUlid } from '../ulid.ts';
import { accountOf } from './authenticate.ts';
import { createRoutes } from './create-routes.ts';
import { InvalidParameter, readNanoseconds, readText, type Query } from './query.ts';

/** What may wait for a client that does not read. */
const MOST_WAITING_BYTES = 256 * 1_024 * 1_024;

interface Span {
  /** Whether an update comes after the beginning; none does where history is not asked for. */
  isSince(update: TradeUpdate): boolean;
  /** Whether an update is the last. */
  isLast(update: TradeUpdate): boolean;
  /** Whether an update comes after the end. */
  isBeyond(update: TradeUpdate): boolean;
  /** The instant at which the stream ends, where one is named. */
  until: Nanoseconds | null;
  wantsHistory: boolean;
}

const timeOf = ({ at }: TradeUpdate): Nanoseconds =>
  toNanoseconds(Date.parse(at)) + beyondMilliseconds(at);

const readUlid = (query: Query, name: string): string | null => {
  const text = readText(query, name);
  if (text !== null && !isUlid(text))
    throw new InvalidParameter(`invalid ${name}: ${text.slice(0, 100)}; it must be a ULID`);
  return text?.toUpperCase() ?? null;
};

const readSpan = (query: Query): Span => {
  const since = readNanoseconds(query, 'since');
  const until = readNanoseconds(query, 'until');
  const sinceId = readUlid(query, 'since_id');
  const untilId = readUlid(query, 'until_id');
  if (since !== null && sinceId !== null)
    throw new InvalidParameter('since and since_id cannot be used at the same time');
  if (until !== null && since === null) throw new InvalidParameter('until requires since');
  if (untilId !== null && sinceId === null)
    throw new InvalidParameter('until_id requires since_id');
  return {
    isSince: (update) =>
      (since === null || timeOf(update) >= since) &&
      (sinceId === null || update.event_id > sinceId),
    isLast: (update) => untilId !== null && update.event_id >= untilId,
    isBeyond: (update) =>
      (until !== null && timeOf(update) > until) || (untilId !== null && update.event_id > untilId),
    until,
    wantsHistory: since !== null || sinceId !== null,
  };
};

interface Client {
  account: Account;
  span: Span;
  tell(update: TradeUpdate): void;
  end(): void;
}

/**
 * Trade updates as server-sent events, the only way in which Alpaca's client for Go follows orders.
 * History is read from the ledger; what comes later leaves as it does on `/stream`, faults included.
 */
export const createTradeEventsRoutes = (simulation: Simulation, outgoing: Outgoing): Router => {
  const routes = createRoutes();
  const { ledger } = simulation;
  const clients = new Set<Client>();

  const historyOf = ({ account_number }: Account): TradeUpdate[] =>
    ledger
      .after(0)
      .filter((row) => row.kind === 'update' && row.account_number === account_number)
      .map((row) => row.update as TradeUpdate);

  const open = (account: Account, span: Span, response: Response): Client => {
    const isOpen = (): boolean => !response.writableEnded && !response.destroyed;
    const reader: FrameReader = { isOpen, disconnect: () => response.destroy() };
    const client: Client = {
      account,
      span,
      tell: (update) => {
        const frame = createFrame('data', [{ stream: 'trade_updates', data: update }], false);
        outgoing(
          'trade_updates',
          account,
          frame,
          ({ messages }) => {
            if (!isOpen()) return;
            if (response.writableLength > MOST_WAITING_BYTES) return void response.destroy();
            const { data } = messages[0] as { data: TradeUpdate };
            response.write(`id: ${data.event_id}\ndata: ${JSON.stringify(data)}\n\n`);
          },
          reader,
        );
      },
      end: () => {
        clients.delete(client);
        if (isOpen()) response.end();
      },
    };
    response.on('close', () => clients.delete(client));
    return client;
  };

  simulation.onUpdate((account, update) => {
    for (const client of clients) {
      if (client.account !== account) continue;
      if (!client.span.isBeyond(update)) client.tell(update);
      if (client.span.isBeyond(update) || client.span.isLast(update)) client.end();
    }
  });
  simulation.onClock((now) => {
    for (const client of clients)
      if (client.span.until !== null && client.span.until < toNanoseconds(now)) client.end();
  });

  routes.get('/v2/events/trades', (request, response) => {
    const account = accountOf(response);
    const span = readSpan(request.query);
    const history = span.wantsHistory ? historyOf(account).filter(span.isSince) : [];
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.flushHeaders();
    const client = open(account, span, response);
    for (const update of history) if (!span.isBeyond(update)) client.tell(update);
    const isOver =
      history.some((update) => span.isBeyond(update) || span.isLast(update)) ||
      (span.until !== null && span.until < toNanoseconds(simulation.now()));
    if (isOver) client.end();
    else clients.add(client);
  });
  return routes;
};
