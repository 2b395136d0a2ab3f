import express, { Router } from 'express';
import { z } from 'zod';
import type { MailCatcher } from '../mail/mail-catcher.ts';
import type { Simulation } from '../simulation.ts';
import { readInteger } from './query.ts';

const stepBody = z.strictObject({ to: z.iso.datetime({ offset: true }) });

/** The simulator's own controls, which Alpaca does not have: the clock, the ledger and the caught mail. */
export const createControlRoutes = (simulation: Simulation, mail: MailCatcher): Router => {
  const routes = Router();
  const position = () => ({ now: new Date(simulation.now()).toISOString(), seq: simulation.accounts[0]!.seq });

  routes.post('/sim/step', express.json(), (request, response) => {
    const body = stepBody.safeParse(request.body);
    if (!body.success) {
      response.status(400).json({ message: `expected {"to": "2026-03-10T13:30:00Z"}, ${body.error.issues.map((issue) => issue.message).join('; ')}` });
      return;
    }
    if (simulation.clock !== 'stepped') {
      response.status(409).json({ message: `the clock runs by itself (${simulation.clock}); only a stepped clock can be stepped` });
      return;
    }
    simulation.stepTo(Date.parse(body.data.to));
    response.json(position());
  });
  routes.get('/sim/status', (_request, response) => {
    const { day, time } = simulation.market;
    response.json({
      ...position(),
      trade_date: day.trade_date,
      day: day.dir,
      clock: simulation.clock,
      clock_ended: simulation.clock !== 'stepped' && simulation.now() >= time.startOf(time.extended_close_minute),
      accounts: simulation.accounts.map(({ account_number, seq }) => ({ account_number, seq })),
      ledger_seq: simulation.ledger.length,
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
