import type { Line } from '@catalyst/domain';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { LineError, readLine } from '../clock/read-line.ts';
import { readStep, StepError } from '../clock/read-step.ts';
import { FEES_MINUTE } from '../exchange/fees.ts';
import type { MailCatcher } from '../mail/mail-catcher.ts';
import type { Simulation } from '../simulation.ts';
import { createRoutes } from './create-routes.ts';
import { readInteger } from './query.ts';
import { readTransfer, TransferError } from './read-transfer.ts';

/**
 * JSON of a body as it came, whatever its content type; text that is none is given back as it is.
 */
const readJson = (text: unknown): unknown => {
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
};

/**
 * Does what moves the clock. A body that asks for what cannot be is 400; any other error is
 * answered as an internal one and is then the end of the process that does not handle it: half a
 * step must not be followed by another.
 */
const moving =
  (move: (request: Request, response: Response) => void): RequestHandler =>
  (request, response) => {
    try {
      move(request, response);
    } catch (error) {
      if (error instanceof StepError || error instanceof LineError) {
        response.status(400).json({ message: error.message });
        return;
      }
      setImmediate(() => {
        throw error;
      });
      throw error;
    }
  };

/**
 * The simulator's own controls, which Alpaca does not have: the clock, the ledger and the caught
 * mail. `follow` puts a clock that follows a line on another; null where it follows none.
 */
export const createControlRoutes = (
  simulation: Simulation,
  mail: MailCatcher,
  follow: ((line: Line) => void) | null,
): Router => {
  const routes = createRoutes();
  const body = express.text({ type: () => true });
  const position = () => ({
    now: new Date(simulation.now()).toISOString(),
    seq: simulation.accounts[0]!.seq,
    accounts: simulation.accounts.map(({ account_number, seq }) => ({ account_number, seq })),
    ledger_seq: simulation.ledger.length,
  });

  routes.post(
    '/sim/step',
    body,
    moving((request, response) => {
      if (simulation.clock !== 'stepped') {
        response.status(409).json({
          message: `the clock runs by itself (${simulation.clock}); only a stepped clock can be stepped`,
        });
        return;
      }
      const happened = simulation.stepTo(
        readStep(readJson(request.body), simulation.now(), simulation.market.time),
      );
      response.json({ ...position(), happened });
    }),
  );
  routes.post(
    '/sim/clock',
    body,
    moving((request, response) => {
      if (follow === null) {
        response.status(409).json({
          message: `the clock is ${simulation.clock}; only one started with --clock line follows a line`,
        });
        return;
      }
      follow(readLine(readJson(request.body)));
      response.json(position());
    }),
  );
  routes.post('/sim/transfer', body, (request, response) => {
    try {
      const { account, amount } = readTransfer(readJson(request.body), simulation.accounts);
      response.json(simulation.exchange.transfer(account, amount));
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      response.status(400).json({ message: error.message });
    }
  });
  routes.get('/sim/status', (_request, response) => {
    const { day, time } = simulation.market;
    response.json({
      ...position(),
      trade_date: day.trade_date,
      day: day.dir,
      clock: simulation.clock,
      clock_ended: simulation.clock !== 'stepped' && simulation.now() >= time.startOf(FEES_MINUTE),
    });
  });
  routes.get('/sim/ledger', (request, response) => {
    const after = readInteger(request.query, 'after', 0, 0, Number.MAX_SAFE_INTEGER);
    const limit = readInteger(request.query, 'limit', 100_000, 1, 100_000);
    response.json(simulation.ledger.after(after, limit));
  });
  routes.get('/sim/mail', (_request, response) => void response.json(mail.messages()));
  routes.get('/sim/mail/:seq', (request, response) => {
    const source = mail.source(Number(request.params.seq));
    if (source) response.type('message/rfc822').send(source);
    else response.status(404).json({ message: `no mail ${request.params.seq}` });
  });
  return routes;
};
