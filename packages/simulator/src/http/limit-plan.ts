import type { Request, RequestHandler } from 'express';
import type { Simulation } from '../simulation.ts';
import type { DataPlan } from '../stream/serve-streams.ts';
import { readText, readTime } from './query.ts';

/** What the whole market does within this span is for keys that pay. */
const RECENT_MS = 15 * 60_000;
const PRICES =
  /^\/v2\/stocks\/(?:[^/]+\/)?(?:(?:bars|trades|quotes)(?<latest>\/latest)?|auctions|(?<snapshot>snapshots?))$/;

const setParameter = (request: Request, name: string, value: string): void => {
  const url = new URL(request.url, 'http://simulator');
  url.searchParams.set(name, value);
  request.url = url.pathname + url.search;
};

/**
 * Keys of the basic plan see the latest of IEX, and of all exchanges what is a quarter of an hour
 * old: that is what they get where they ask for no feed or no end, and more is refused in the words
 * of Alpaca's market data FAQ.
 */
export const limitPlan =
  (simulation: Simulation, plan: DataPlan): RequestHandler =>
  (request, response, next) => {
    const groups = plan === 'basic' ? PRICES.exec(request.path)?.groups : undefined;
    if (!groups) return next();
    const isLatest = groups.latest !== undefined || groups.snapshot !== undefined;
    const feed = readText(request.query, 'feed');
    if (isLatest && feed === null) setParameter(request, 'feed', 'iex');
    if (feed !== 'sip' && (isLatest || feed !== null)) return next();
    const settled = simulation.now() - RECENT_MS;
    const end = isLatest ? simulation.now() : readTime(request.query, 'end');
    if (end === null) setParameter(request, 'end', new Date(settled).toISOString());
    else if (end > settled)
      return void response
        .status(403)
        .json({ message: 'subscription does not permit querying recent SIP data' });
    next();
  };
