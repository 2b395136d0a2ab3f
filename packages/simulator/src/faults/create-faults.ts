import type { RequestHandler, Router } from 'express';
import type { FindAccount } from '../find-account.ts';
import { findCaller } from '../http/authenticate.ts';
import type { Simulation } from '../simulation.ts';
import type { Outgoing } from '../stream/outgoing.ts';
import { createFaultList, type FaultList } from './fault-list.ts';
import { createFaultRoutes } from './fault-routes.ts';
import type { Fault } from './fault-schema.ts';
import { createMarketFaults } from './market-faults.ts';
import { createOrderFaults } from './order-faults.ts';
import { readFaults } from './read-faults.ts';
import { createRestFaults } from './rest-faults.ts';
import { createStreamFaults } from './stream-faults.ts';
import { createTapeFaults } from './tape-faults.ts';

/** The list of faults and the places where they happen. */
export interface Faults {
  list: FaultList;
  /** `/sim/faults`. */
  routes: Router;
  /** Finds out whose request it is, before it is written down. */
  identify: RequestHandler;
  /**
   * Lets REST faults happen, after the request was written down and before anything looks at it.
   */
  middleware: RequestHandler;
  outgoing: Outgoing;
  /** Until when, at most, the frames wait that are late. */
  waiting(): number[];
}

/**
 * Puts the list's faults into a simulation; `script` is what the list begins with. Throws
 * `FaultError` where that is wrong.
 */
export const createFaults = (
  simulation: Simulation,
  findAccount: FindAccount,
  script: readonly Fault[] = [],
): Faults => {
  const { market, exchange, ledger, secrets, now, finished, onClock, onUpdate } = simulation;
  const list = createFaultList({ ledger, secrets, time: market.time, seed: market.day.seed, now });
  createMarketFaults({ list, market, now, finished, onClock });
  createTapeFaults({ list, market, now, finished, onClock });
  const orders = createOrderFaults({ list, exchange, now, onUpdate, onClock });
  const { outgoing, waiting } = createStreamFaults({ list, ledger, now, onClock });
  list.add(readFaults(script, market.listings));
  return {
    list,
    outgoing,
    waiting,
    routes: createFaultRoutes(list, market.listings),
    middleware: createRestFaults(list),
    identify: (request, response, next) => {
      response.locals.account_number = findCaller(findAccount, request)?.account_number ?? null;
      response.locals.answered = orders.settle;
      next();
    },
  };
};
