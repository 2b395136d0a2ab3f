import type { Router } from 'express';
import type { CorporateAction } from '../day/day.ts';
import { notFound } from '../exchange/refusal.ts';
import type { Simulation } from '../simulation.ts';
import {
  corporateActionId,
  cusipOf,
  knownActions,
  processDate,
} from './corporate-actions-routes.ts';
import { createRoutes } from './create-routes.ts';
import { InvalidParameter, readChoice, readChoices, readDate, readText } from './query.ts';
import { readUuid } from './read-uuid.ts';
import { sendRefusal } from './send-outcome.ts';

const TYPES = ['dividend', 'merger', 'spinoff', 'split'] as const;
const DAY_MS = 86_400_000;
const LONGEST_RANGE_DAYS = 90;

/**
 * A dividend or a split as the trading API announces it. A day knows ex dates only, so all dates
 * are that one, but for the day on which a dividend is paid.
 */
const announcementView = (action: CorporateAction): Record<string, string> => {
  const { symbol, ex_date: date } = action;
  const dividend = action.type === 'cash_dividend';
  const cusip = cusipOf(symbol);
  return {
    id: corporateActionId(action),
    corporate_action_id: `${cusip}_${date}`,
    ca_type: dividend ? 'dividend' : 'split',
    ca_sub_type: dividend
      ? 'cash'
      : action.type === 'forward_split'
        ? 'stock_split'
        : 'reverse_split',
    initiating_symbol: symbol,
    initiating_original_cusip: cusip,
    target_symbol: symbol,
    target_original_cusip: cusip,
    declaration_date: date,
    ex_date: date,
    record_date: date,
    payable_date: processDate(action),
    cash: action.cash ?? '0',
    old_rate: action.old_rate ?? '1',
    new_rate: action.new_rate ?? '1',
  };
};

/** Corporate action announcements of Alpaca's trading API, which it keeps for old clients. */
export const createAnnouncementRoutes = (simulation: Simulation): Router => {
  const routes = createRoutes();
  routes.get('/v2/corporate_actions/announcements', ({ query }, response) => {
    const types = readChoices(
      { ca_types: readText(query, 'ca_types')?.toLowerCase() },
      'ca_types',
      TYPES,
    );
    const since = readDate(query, 'since');
    const until = readDate(query, 'until');
    if (!types) throw new InvalidParameter('ca_types is required');
    if (since === null || until === null)
      throw new InvalidParameter(`${since === null ? 'since' : 'until'} is required`);
    if (until < since) throw new InvalidParameter('until should not be before since');
    if (Date.parse(until) - Date.parse(since) > LONGEST_RANGE_DAYS * DAY_MS)
      throw new InvalidParameter(`the date range is limited to ${LONGEST_RANGE_DAYS} days`);
    const dateType = readChoice(
      query,
      'date_type',
      ['declaration_date', 'ex_date', 'record_date', 'payable_date'],
      'ex_date',
    );
    const symbol = readText(query, 'symbol');
    const cusip = readText(query, 'cusip');
    const known = knownActions(simulation).filter((action) => {
      const date = dateType === 'payable_date' ? processDate(action) : action.ex_date;
      if (date < since || date > until) return false;
      if (!types.includes(action.type === 'cash_dividend' ? 'dividend' : 'split')) return false;
      return (
        (symbol === null || action.symbol === symbol) &&
        (cusip === null || cusipOf(action.symbol) === cusip)
      );
    });
    response.json(known.map(announcementView));
  });
  routes.get('/v2/corporate_actions/announcements/:id', ({ params }, response) => {
    const id = readUuid(params.id);
    const found = knownActions(simulation).find((action) => corporateActionId(action) === id);
    if (found) response.json(announcementView(found));
    else sendRefusal(response, notFound(`announcement not found for ${params.id.slice(0, 100)}`));
  });
  return routes;
};
