import {
  reportingApi,
  riskApi,
  scannerApi,
  technicalApi,
  tradingApi,
  workflowApi,
} from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import { createActsBehind } from './acts-behind.ts';
import { createCallersBehind } from './callers-behind.ts';
import { AT, bars, parameters, position, riskStatus } from './desk-rows.ts';
import { performance, story, trade } from './report-rows.ts';
import { candidate, fullScan, scan } from './scan-rows.ts';
import { createSessionBehind } from './session-behind.ts';
import { startStandIn } from './stand-in.ts';
import { createTradesBehind } from './trades-behind.ts';

/** The six services that orchestration speaks to, as small servers that keep their contracts. */
export const startFleetBehind = async () => {
  const session = createSessionBehind();
  const trades = createTradesBehind();
  const acts = createActsBehind();
  const callers = createCallersBehind();
  let heldQty = position.qty;
  /** What a close makes of the position, once it is told. */
  let closed: object = {};
  let latestScan: Record<string, unknown> = scan;

  const workflow = await startStandIn(workflowApi, {
    ...session.answers,
    ...trades.answers,
    ...acts.answers,
    ...callers.answers,
  });
  const scanner = await startStandIn(scannerApi, {
    showLatestScan: () => latestScan,
    showCandidate: ({ params }) => {
      if (params.symbol !== 'ACME')
        throw new AppError('UNKNOWN_SYMBOL', `the last scan has no ${params.symbol}`);
      return { scan_id: scan.scan_id, completed_at: AT, result: candidate };
    },
  });
  const trading = await startStandIn(tradingApi, {
    listPositions: ({ query }) => ({
      positions: [
        { ...position, qty: heldQty },
        ...(query.status === 'open' ? [] : trades.positions()),
      ],
    }),
    listOrders: () => ({ orders: trades.orders() }),
    showPosition: ({ params }) => ({
      ...position,
      position_id: params.position_id,
      ...closed,
    }),
  });
  const risk = await startStandIn(riskApi, {
    showLimits: () => ({
      status: riskStatus,
      limits: {
        version: 3,
        parameters,
        ranges: { daily_loss_limit_usd: { min: 1, max: 10_000 } },
      },
    }),
  });
  const reporting = await startStandIn(reportingApi, {
    showPerformance: ({ query }) =>
      performance(query.period ?? 'daily', query.trade_date ?? 'none'),
    tellStory: () => story,
    showJournal: () => ({ trades: [trade] }),
  });

  const technical = await startStandIn(technicalApi, {
    listBars: ({ params }) => ({ symbol: params.symbol, timeframe: '5min', bars }),
  });

  const all = { workflow, scanner, technical, trading, risk, reporting };
  return {
    ...all,
    ...session.controls,
    ...trades.controls,
    ...acts.controls,
    ...callers.controls,
    setClosed: (value: object) => {
      closed = value;
    },
    setHeldQty: (qty: string) => {
      heldQty = qty;
    },
    /** Makes the latest scan one of five candidates as a day has them, of 95 that were left out. */
    setFullScan: () => {
      latestScan = fullScan;
    },
    env: Object.fromEntries(
      Object.entries(all).map(([name, { url }]) => [`${name.toUpperCase()}_URL`, url]),
    ),
    close: async () => {
      await Promise.all(Object.values(all).map((standIn) => standIn.close()));
    },
  };
};
export type FleetBehind = Awaited<ReturnType<typeof startFleetBehind>>;
