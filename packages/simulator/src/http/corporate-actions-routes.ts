import { inNewYork, stableId } from '@catalyst/domain';
import type { Router } from 'express';
import type { CorporateAction } from '../day/day.ts';
import type { Simulation } from '../simulation.ts';
import { createRoutes } from './create-routes.ts';
import {
  expectParameters,
  InvalidParameter,
  readChoice,
  readChoices,
  readDate,
  readInteger,
  readPageToken,
  readSymbols,
  readText,
  toPageToken,
} from './query.ts';
import { readUuid } from './read-uuid.ts';

const TYPES = [
  'reverse_split',
  'forward_split',
  'unit_split',
  'cash_dividend',
  'stock_dividend',
  'spin_off',
  'cash_merger',
  'stock_merger',
  'stock_and_cash_merger',
  'redemption',
  'name_change',
  'worthless_removal',
  'rights_distribution',
  'partial_call',
  'reorganization',
] as const;

export const corporateActionId = (action: CorporateAction): string =>
  stableId('corporate-action', action.symbol, action.type, action.ex_date);
/**
 * Nine characters in the form of a CUSIP, invented from the symbol: fictional companies have none.
 */
export const cusipOf = (symbol: string): string =>
  `${stableId('cusip', symbol).slice(0, 8).toUpperCase()}0`;

/**
 * How long after its ex-date a dividend is paid here: a day knows ex-dates only, and two weeks are
 * usual.
 */
const PAID_AFTER_MS = 14 * 86_400_000;

/**
 * When the money of a dividend comes, and when Alpaca processes an action: a split on its ex-date,
 * a dividend when it is paid.
 */
export const processDate = ({ type, ex_date: date }: CorporateAction): string =>
  type === 'cash_dividend'
    ? new Date(Date.parse(date) + PAID_AFTER_MS).toISOString().slice(0, 10)
    : date;

const corporateActionView = (action: CorporateAction): Record<string, unknown> => {
  const { symbol } = action;
  const id = corporateActionId(action);
  const cusip = cusipOf(symbol);
  const dates = {
    process_date: processDate(action),
    ex_date: action.ex_date,
    record_date: action.ex_date,
  };
  if (action.type === 'cash_dividend')
    return {
      id,
      symbol,
      cusip,
      rate: Number(action.cash),
      special: false,
      foreign: false,
      ...dates,
      payable_date: processDate(action),
    };
  const rates = { new_rate: Number(action.new_rate), old_rate: Number(action.old_rate) };
  if (action.type === 'forward_split') return { id, symbol, cusip, ...rates, ...dates };
  return { id, symbol, old_cusip: cusip, new_cusip: cusip, ...rates, ...dates };
};

/** The corporate actions of the day that can be known: those whose ex date has come. */
export const knownActions = (simulation: Simulation): CorporateAction[] => {
  const today = inNewYork(new Date(simulation.now()).toISOString()).date;
  return simulation.market.day.corporate_actions.filter(({ ex_date }) => ex_date <= today);
};

const readList = (text: string | null): Set<string> | null =>
  text === null ? null : new Set(text.split(',').map((word) => word.trim()));

/** Corporate actions of Alpaca's market data API, chosen and sorted by their process date. */
export const createCorporateActionsRoutes = (simulation: Simulation): Router => {
  const routes = createRoutes();
  // The path of before, which Alpaca's changelog says can still be used.
  routes.get(['/v1/corporate-actions', '/v1beta1/corporate-actions'], ({ query }, response) => {
    expectParameters(query, [
      'symbols',
      'cusips',
      'types',
      'region',
      'start',
      'end',
      'ids',
      'limit',
      'page_token',
      'sort',
    ]);
    const today = inNewYork(new Date(simulation.now()).toISOString()).date;
    const symbols = readText(query, 'symbols') === null ? null : new Set(readSymbols(query));
    const cusips = readList(readText(query, 'cusips'));
    const named = readList(readText(query, 'ids'));
    const ids = named && new Set([...named].map((id) => readUuid(id) ?? id));
    const types = readChoices(query, 'types', TYPES);
    const region = readChoice(query, 'region', ['us', 'non_us', 'all'], 'us');
    const start = readDate(query, 'start');
    const end = readDate(query, 'end');
    if (ids && (symbols || cusips || types || start !== null || end !== null))
      throw new InvalidParameter('ids cannot be combined with other filters');
    const [from, to] = [start ?? today, end ?? today];
    if (!ids && to < from) throw new InvalidParameter('end should not be before start');
    const limit = readInteger(query, 'limit', 100, 1, 1_000);
    const direction = readChoice(query, 'sort', ['asc', 'desc'], 'asc') === 'asc' ? 1 : -1;
    const token = readPageToken(query, 1);
    const isWanted = (action: CorporateAction): boolean => {
      if (region === 'non_us') return false;
      if (ids) return ids.has(corporateActionId(action));
      if (processDate(action) < from || processDate(action) > to) return false;
      return (
        (!symbols || symbols.has(action.symbol)) &&
        (!cusips || cusips.has(cusipOf(action.symbol))) &&
        (!types || types.includes(action.type))
      );
    };
    const place = (action: CorporateAction): string =>
      `${processDate(action)} ${action.symbol} ${action.type}`;
    const chosen = knownActions(simulation)
      .filter(isWanted)
      .sort((left, right) => direction * (place(left) < place(right) ? -1 : 1));
    const first =
      token === null ? 0 : chosen.findIndex((action) => corporateActionId(action) === token[0]) + 1;
    if (token !== null && first === 0) throw new InvalidParameter('invalid page_token');
    const page = chosen.slice(first, first + limit);
    const grouped: Record<string, unknown[]> = {};
    for (const action of page)
      (grouped[`${action.type}s`] ??= []).push(corporateActionView(action));
    const last = page.at(-1);
    response.json({
      corporate_actions: grouped,
      next_page_token:
        last && first + limit < chosen.length ? toPageToken(corporateActionId(last)) : null,
    });
  });
  return routes;
};
