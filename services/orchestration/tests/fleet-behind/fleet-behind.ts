import {
  reportingApi,
  riskApi,
  scannerApi,
  technicalApi,
  tradingApi,
  workflowApi,
  type AccessKey,
  type ToolCall,
  type Order,
  type Proposal,
  type TradingState,
} from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError, sha256 } from '@catalyst/service-kit';
import {
  AT,
  CYCLE_ID,
  HOSTILE_HEADLINE,
  TODAY,
  alertOf,
  bars,
  candidate,
  cycle,
  fullScan,
  parameters,
  performance,
  position,
  riskStatus,
  scan,
  story,
  trade,
} from './rows-behind.ts';
import { startStandIn } from './stand-in.ts';

export { CYCLE_ID, POSITION_ID } from './rows-behind.ts';

/** A tool whose audit row workflow cannot keep. */
export const UNKEPT_TOOL = 'a_row_that_is_refused';

type EntryFate = Pick<Order, 'status'> & Partial<Pick<Order, 'filled_avg_price' | 'reason'>>;
interface Entry {
  proposal: Proposal;
  fate: EntryFate;
}
const positionIdOf = ({ proposal_id }: Proposal) => stableId('position of', proposal_id);
const toPosition = ({ proposal }: Entry) => ({
  ...position,
  position_id: positionIdOf(proposal),
  symbol: proposal.symbol,
  status: 'opening',
  intent_id: proposal.verdict.intent_id,
});
const toOrder = ({ proposal, fate }: Entry) => ({
  client_order_id: `entry-${proposal.symbol}`,
  broker_order_id: null,
  cycle_id: CYCLE_ID,
  position_id: positionIdOf(proposal),
  symbol: proposal.symbol,
  side: 'buy',
  role: 'entry',
  type: 'limit',
  order_class: 'bracket',
  time_in_force: 'day',
  qty: proposal.qty ?? '90',
  filled_qty: fate.status === 'filled' ? (proposal.qty ?? '90') : '0',
  filled_avg_price: null,
  limit_price: '45.20',
  stop_price: null,
  reason: null,
  created_at: AT,
  updated_at: AT,
  ...fate,
});

/** The six services that orchestration speaks to, as small servers that keep their contracts. */
export const startFleetBehind = async () => {
  const proposals = new Map<string, Proposal>();
  /** Trades that were sent: what must stay one. */
  const sent: string[] = [];
  /** The entry of each trade that was sent, as the broker tells it. */
  const entries: Entry[] = [];
  let fate: EntryFate = { status: 'filled', filled_avg_price: '45.12' };
  let heldQty = position.qty;
  /** What a close makes of the position, once it is told. */
  let closed: object = {};
  let auditIsDown = false;
  let refusal: AppError | null = null;
  let latestScan: Record<string, unknown> = scan;
  let hasCycle = true;
  let standing: { state: TradingState; reason: string } | null = {
    state: 'active',
    reason: 'armed',
  };
  const progress = {
    cycle,
    as_of: AT,
    next_job: null,
    candidates: ['ACME'],
    open_positions: 1,
    closed_positions: 0,
    day_pnl_usd: '90.00',
  };

  const audited: ToolCall[] = [];

  const accessKeys = new Map<string, AccessKey>();
  let keysAreDown = false;
  const workflow = await startStandIn(workflowApi, {
    findAccessKey: ({ body }) => {
      if (keysAreDown) throw new AppError('SERVICE_UNAVAILABLE', 'workflow is away');
      return { key: accessKeys.get((body as { key_hash: string }).key_hash) ?? null };
    },
    startCycle: ({ body }) => {
      const { universe_size } = body as { universe_size: number };
      if (universe_size < 50 || universe_size > 200)
        throw new AppError(
          'INVALID_UNIVERSE_SIZE',
          `universe_size must be between 50 and 200, was ${universe_size}`,
          { provided: universe_size, min: 50, max: 200 },
        );
      return { ...cycle, state: 'scheduled', universe_size };
    },
    showStanding: () => ({
      as_of: AT,
      trading: standing,
      cycle: hasCycle ? cycle : null,
      exchange: 'regular' as const,
    }),
    showPlan: () => ({
      as_of: AT,
      trade_date: TODAY,
      state: 'trading' as const,
      session_mode: 'supervised' as const,
      jobs: [{ job: 'rescan', first_at: AT, last_at: '2026-03-10T18:30:00.000Z', times: 55 }],
    }),
    setSessionMode: ({ body }) => ({ ...cycle, ...(body as object) }),
    moveStop: ({ params, body }) => ({
      position_id: params.position_id,
      symbol: 'ACME',
      status: 'open',
      message: `the stop of ACME is moved to ${(body as { stop_price: string }).stop_price}`,
    }),
    placeExit: ({ params, body }) => ({
      position_id: params.position_id,
      symbol: 'ACME',
      status: 'open',
      message: `ACME leaves by ${(body as { exit: { kind: string } }).exit.kind}`,
    }),
    reducePosition: ({ params, body }) => ({
      position_id: params.position_id,
      symbol: 'ACME',
      status: 'open',
      message: `${(body as { qty: string }).qty} shares of ACME are being sold at market`,
    }),
    listWatches: () => ({ watches: [] }),
    listLimitProposals: () => ({ limit_proposals: [] }),
    showMarket: () => ({
      as_of: AT,
      session: hasCycle ? ('regular' as const) : ('closed' as const),
      closed_because: hasCycle ? null : 'the exchange is closed on 2026-03-28',
      next_session: {
        trade_date: '2026-03-30',
        scan_at: '2026-03-30T12:00:00.000Z',
        open_at: '2026-03-30T13:30:00.000Z',
        close_at: '2026-03-30T20:00:00.000Z',
      },
      last_session_scan: null,
    }),
    showCurrentCycle: () => {
      if (!hasCycle) throw new AppError('NOT_FOUND', 'no cycle was opened yet');
      return progress;
    },
    showTimeline: ({ params }) => {
      if (params.cycle_id !== CYCLE_ID)
        throw new AppError('NOT_FOUND', `there is no cycle ${params.cycle_id}`);
      return {
        cycle,
        entries: [
          {
            at: AT,
            kind: 'decision',
            title: 'enter ACME',
            details: { headline: HOSTILE_HEADLINE, reason: 'the minute closed above 45.00' },
          },
          {
            at: AT,
            kind: 'alert',
            title: HOSTILE_HEADLINE,
            details: { severity: 'warning', code: 'ENTRY_REFUSED' },
          },
        ],
      };
    },
    stopCycle: () => ({ ...cycle, state: 'closed' }),
    previewTrade: ({ body }) => {
      const { symbol, side, qty, request_id } = body as {
        symbol: string;
        side: string;
        qty: string | null;
        request_id: string;
      };
      const proposal_id = stableId('proposal', request_id);
      const isTooLarge = Number(qty) > 1000;
      const proposal = {
        proposal_id,
        cycle_id: CYCLE_ID,
        origin: 'person',
        symbol,
        direction: side === 'buy' ? 'long' : 'short',
        qty,
        entry_price: '45.10',
        stop_price: '44.00',
        target_price: '47.30',
        verdict: isTooLarge
          ? {
              verdict: 'refused',
              intent_id: proposal_id,
              code: 'POSITION_SIZE_LIMIT',
              message: 'the position would be 45 % of equity.',
              limit: '20 %',
              value: '45 %',
              max_qty: '443',
            }
          : {
              verdict: 'approved',
              approval_id: stableId('approval', request_id),
              intent_id: proposal_id,
              qty: qty ?? '90',
              risk_usd: '110',
              notional_usd: '4510',
              expires_at: AT,
              sizing: {},
            },
        summary: `Buy ${symbol}.`,
        state: isTooLarge ? 'refused' : 'waiting',
        outcome: null,
        created_at: AT,
        expires_at: '2026-03-10T14:05:00.000Z',
      } as Proposal;
      proposals.set(proposal_id, proposal);
      return proposal;
    },
    executeProposal: ({ params }) => {
      const proposal = proposals.get(params.proposal_id!);
      if (!proposal) throw new AppError('NOT_FOUND', `there is no proposal ${params.proposal_id}`);
      if (proposal.state === 'waiting') {
        sent.push(proposal.symbol);
        entries.push({ proposal, fate });
      }
      const isRefused = fate.status === 'refused';
      proposals.set(proposal.proposal_id, {
        ...proposal,
        state: isRefused ? 'refused' : 'executed',
        outcome: isRefused ? `ENTRY_REFUSED: ${fate.reason}` : 'submitted',
      });
      return proposals.get(proposal.proposal_id);
    },
    listProposals: ({ query }) => ({
      proposals: [...proposals.values()].filter(
        (proposal) =>
          (query.state === 'all' || proposal.state === 'waiting') &&
          (query.origin !== 'cycle' || proposal.origin === 'cycle'),
      ),
    }),
    rejectProposal: ({ params }) => {
      const proposal = proposals.get(params.proposal_id!)!;
      proposals.set(proposal.proposal_id, { ...proposal, state: 'rejected' });
      return proposals.get(proposal.proposal_id);
    },
    changeTradingState: ({ body }) => {
      const { act } = body as { act: 'pause' | 'halt' | 'flatten' };
      const states = { pause: 'reducing', halt: 'halted', flatten: 'flattening' };
      return { ...riskStatus, trading_state: states[act] };
    },
    cancelEntries: () => {
      if (refusal) throw refusal;
      return { canceled_orders: 2 };
    },
    closePosition: ({ params }) => ({
      position_id: params.position_id,
      symbol: 'ACME',
      status: 'closing',
      message: 'The legs are cancelled and the close is on its way.',
    }),
    updateRiskParameter: ({ params, body }) => {
      const { value } = body as { value: number };
      if (value > 10_000)
        throw new AppError(
          'INVALID_RISK_PARAMETER',
          `${params.name} must be at most 10000, was ${value}`,
        );
      const proposal_id = value > 2000 ? stableId('loosen', value) : null;
      return { version: 4, name: params.name, old_value: 2000, new_value: value, proposal_id };
    },
    listAlerts: () => ({
      alerts: [
        alertOf('DAILY_LOSS_WARNING', '75 % of the limit is used'),
        alertOf('PROPOSAL_WAITING', 'Buy ACME.'),
        alertOf('ENTRY_REFUSED', HOSTILE_HEADLINE),
      ],
      next: null,
    }),
    recordToolCalls: ({ body }) => {
      if (auditIsDown) throw new AppError('INTERNAL', 'the disk is full');
      const { calls } = body as { calls: typeof audited };
      // as PostgreSQL does, which keeps neither NUL nor half a character
      const isKept = ({ tool }: { tool: string }) => tool !== UNKEPT_TOOL;
      if (!calls.every(isKept) || /\\u(0000|d[89a-f])/.test(JSON.stringify(calls)))
        throw new AppError('INTERNAL', 'unsupported Unicode escape sequence');
      audited.push(...calls);
      return { recorded: calls.length };
    },
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
        ...(query.status === 'open' ? [] : entries.map(toPosition)),
      ],
    }),
    listOrders: () => ({ orders: entries.map(toOrder) }),
    showPosition: ({ params }) => ({
      ...position,
      position_id: params.position_id,
      ...closed,
    }),
  });
  const risk = await startStandIn(riskApi, {
    showStatus: () => riskStatus,
    showParameters: () => ({
      version: 3,
      parameters,
      ranges: { daily_loss_limit_usd: { min: 1, max: 10_000 } },
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
    sent,
    audited,
    setClosed: (value: object) => {
      closed = value;
    },
    /** What workflow says to whoever cancels entries. */
    refuseCancels: (error: AppError) => {
      refusal = error;
    },
    setHeldQty: (qty: string) => {
      heldQty = qty;
    },
    /** Makes what the session proposes of a preview of a person. */
    proposeAsSession: (proposal_id: string) => {
      proposals.set(proposal_id, { ...proposals.get(proposal_id)!, origin: 'cycle' });
    },
    /** What becomes of entries from now on; a second fate is what it is a little later. */
    setFate: (next: EntryFate) => {
      fate = next;
    },
    /** What becomes of those that were sent already. */
    changeFate: (next: EntryFate) => {
      for (const entry of entries) entry.fate = next;
    },
    setStanding: (value: typeof standing) => {
      standing = value;
    },
    setHasCycle: (value: boolean) => {
      hasCycle = value;
    },
    /** Makes the latest scan one of five candidates as a day has them, of 95 that were left out. */
    setFullScan: () => {
      latestScan = fullScan;
    },
    /** Lets a key in, or changes what it is from now on. */
    letIn: (name: string, key: string, change: Partial<AccessKey> = {}) => {
      accessKeys.set(sha256(key), {
        key_id: stableId('key', name),
        kind: 'claude',
        name,
        scopes: ['read', 'propose', 'trade'],
        state: 'active',
        created_by: 'the test',
        created_at: AT,
        expires_at: null,
        revoked_by: null,
        revoked_at: null,
        last_used_at: null,
        ...change,
      });
    },
    /** Whether workflow says who holds a key. */
    setKeysDown: (value: boolean) => {
      keysAreDown = value;
    },
    setAuditDown: (value: boolean) => {
      auditIsDown = value;
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
