import { stableId } from '@catalyst/domain';
import type { Router, Request, Response } from 'express';
import type { Account } from '../exchange/account.ts';
import {
  accept,
  badRequest,
  invalidField,
  notFound,
  unprocessable,
  type Outcome,
} from '../exchange/refusal.ts';
import { microsecondText } from '../nanoseconds.ts';
import type { Simulation } from '../simulation.ts';
import { assetView } from './account-views.ts';
import { accountOf } from './authenticate.ts';
import { createRoutes } from './create-routes.ts';
import { readText } from './query.ts';
import { readUuid } from './read-uuid.ts';
import { sendOutcome, sendRefusal } from './send-outcome.ts';

interface Watchlist {
  id: string;
  name: string;
  created_at: string;
  updated_at: string;
  symbols: string[];
}

const NAME_LENGTH = 64;

interface Wish {
  /** Null where the body names none. */
  name: string | null;
  symbols: string[] | null;
}

const readWish = (body: unknown): Outcome<Wish> => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return badRequest('request body format is invalid');
  const { name = null, symbols = null } = body as { name?: unknown; symbols?: unknown };
  if (name !== null && typeof name !== 'string')
    return badRequest('request body format is invalid');
  if (name !== null && (name === '' || name.length > NAME_LENGTH))
    return invalidField(`watchlist name must be between 1 and ${NAME_LENGTH} characters`);
  if (symbols !== null && !Array.isArray(symbols))
    return badRequest('request body format is invalid');
  const listed = (symbols as unknown[] | null)?.filter((symbol) => symbol !== null) ?? null;
  if (listed?.some((symbol) => typeof symbol !== 'string'))
    return badRequest('request body format is invalid');
  return accept({ name, symbols: listed as string[] | null });
};

/**
 * Watchlists of Alpaca's trading API, by id and by name; each account has its own. Ids depend on
 * the account and the order of creation only.
 */
export const createWatchlistRoutes = (
  simulation: Simulation,
  symbolOf: (named: string) => string,
): Router => {
  const routes = createRoutes();
  const { listings } = simulation.market;
  const books = new Map<Account, { lists: Map<string, Watchlist>; created: number }>();
  const bookOf = (account: Account) => {
    const book = books.get(account) ?? { lists: new Map<string, Watchlist>(), created: 0 };
    books.set(account, book);
    return book;
  };
  const instant = (account: Account): string =>
    microsecondText(account.timestamp(simulation.now()));
  const summary = (account: Account, { id, name, created_at, updated_at }: Watchlist) => ({
    id,
    account_id: account.id,
    created_at,
    updated_at,
    name,
  });
  const view = (account: Account, list: Watchlist) => ({
    ...summary(account, list),
    assets: list.symbols.map((symbol) => assetView(listings.get(symbol)!.security)),
  });

  const readSymbols = (named: readonly string[]): Outcome<string[]> => {
    const symbols = named.map((name) => symbolOf(name.trim()));
    const unknown = symbols.find((symbol) => !listings.has(symbol));
    if (unknown !== undefined) return unprocessable(`asset "${unknown.slice(0, 100)}" not found`);
    return accept([...new Set(symbols)]);
  };
  const isTaken = (account: Account, name: string, but: Watchlist | null): boolean =>
    [...bookOf(account).lists.values()].some((list) => list !== but && list.name === name);

  const create = (account: Account, body: unknown): Outcome<Watchlist> => {
    const wish = readWish(body);
    if (!wish.ok) return wish;
    const { name } = wish.value;
    if (name === null) return invalidField('watchlist name is required');
    if (isTaken(account, name, null)) return invalidField('watchlist name must be unique');
    const symbols = readSymbols(wish.value.symbols ?? []);
    if (!symbols.ok) return symbols;
    const book = bookOf(account);
    book.created += 1;
    const now = instant(account);
    const list = {
      id: stableId('watchlist', account.account_number, book.created),
      name,
      created_at: now,
      updated_at: now,
      symbols: symbols.value,
    };
    book.lists.set(list.id, list);
    return accept(list);
  };
  const update = (account: Account, list: Watchlist, body: unknown): Outcome<Watchlist> => {
    const wish = readWish(body);
    if (!wish.ok) return wish;
    const name = wish.value.name ?? list.name;
    if (isTaken(account, name, list)) return invalidField('watchlist name must be unique');
    const symbols = readSymbols(wish.value.symbols ?? list.symbols);
    if (!symbols.ok) return symbols;
    return accept(
      Object.assign(list, { name, symbols: symbols.value, updated_at: instant(account) }),
    );
  };
  const add = (account: Account, list: Watchlist, body: unknown): Outcome<Watchlist> => {
    const symbol =
      typeof body === 'object' && body !== null ? (body as { symbol?: unknown }).symbol : undefined;
    if (typeof symbol !== 'string') return badRequest('request body format is invalid');
    const added = readSymbols([symbol]);
    if (!added.ok) return added;
    if (list.symbols.includes(added.value[0]!)) return invalidField('duplicate symbol');
    return accept(
      Object.assign(list, {
        symbols: [...list.symbols, added.value[0]!],
        updated_at: instant(account),
      }),
    );
  };
  const remove = (account: Account, list: Watchlist, named: string): Outcome<Watchlist> => {
    const symbol = symbolOf(named);
    if (!list.symbols.includes(symbol))
      return notFound(`asset not found for ${named.slice(0, 100)}`);
    return accept(
      Object.assign(list, {
        symbols: list.symbols.filter((held) => held !== symbol),
        updated_at: instant(account),
      }),
    );
  };

  routes.get('/v2/watchlists', (_request, response) => {
    const account = accountOf(response);
    response.json([...bookOf(account).lists.values()].map((list) => summary(account, list)));
  });
  routes.post('/v2/watchlists', (request, response) => {
    const account = accountOf(response);
    sendOutcome(response, create(account, request.body), (list) => view(account, list));
  });

  const serve = (
    path: string,
    find: (account: Account, request: Request) => Outcome<Watchlist>,
  ): void => {
    const answer =
      (act: (account: Account, list: Watchlist, request: Request) => Outcome<Watchlist>) =>
      (request: Request, response: Response) => {
        const account = accountOf(response);
        const found = find(account, request);
        sendOutcome(response, found.ok ? act(account, found.value, request) : found, (list) =>
          view(account, list),
        );
      };
    routes.get(
      path,
      answer((_account, list) => accept(list)),
    );
    routes.put(
      path,
      answer((account, list, request) => update(account, list, request.body)),
    );
    routes.post(
      path,
      answer((account, list, request) => add(account, list, request.body)),
    );
    routes.delete(path, (request, response) => {
      const account = accountOf(response);
      const found = find(account, request);
      if (!found.ok) return sendRefusal(response, found);
      bookOf(account).lists.delete(found.value.id);
      response.status(204).end();
    });
  };
  const byId = (account: Account, request: Request): Outcome<Watchlist> => {
    const id = readUuid(String(request.params.watchlist_id));
    if (id === null) return invalidField('watchlist_id is invalid');
    const list = bookOf(account).lists.get(id);
    return list ? accept(list) : notFound(`watchlist not found for ${id}`);
  };
  serve('/v2/watchlists/:watchlist_id', byId);
  serve('/v2/watchlists\\:by_name', (account, request) => {
    const name = readText(request.query, 'name');
    if (name === null) return invalidField('name is required');
    const list = [...bookOf(account).lists.values()].find((one) => one.name === name);
    return list ? accept(list) : notFound(`watchlist not found for ${name.slice(0, 100)}`);
  });
  routes.delete('/v2/watchlists/:watchlist_id/:symbol', (request, response) => {
    const account = accountOf(response);
    const found = byId(account, request);
    sendOutcome(
      response,
      found.ok ? remove(account, found.value, request.params.symbol) : found,
      (list) => view(account, list),
    );
  });
  return routes;
};
