import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { StandingPosition, tradingApi, workflowApi } from '@catalyst/contracts';
import type { OwnExit } from '@catalyst/domain';
import type { Timekeeper } from '@catalyst/platform';
import type { Client } from '@catalyst/service-kit';
import { LARGE, type Size } from './drill-day.ts';

/** Who acts, as the desk writes it down. */
export const BY = 'drill';
/** A limit far above the price, which moves the target; or a stop that trails a little nearer. */
export type OwnExitKind = 'limit' | 'trail';
const LIMIT_RATIO = 1.05;
const TRAIL_RATIO = 0.9;
/** Prices of what is held are read as often. */
const PRICED_MS = 5000;

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? '';

/** What a person does at the desk: its only trades, and its halts. */
export interface DeskOperator {
  /** A stock and a proposal to buy it that risk would let pass. */
  propose(size: Size): Promise<{ symbol: string; proposal_id: string }>;
  /** A person's yes to a proposal, said until there is an answer. */
  execute(proposal_id: string): Promise<{ state: string; outcome: string | null }>;
  /** A person's close of what is held in a symbol; nothing where nothing is. */
  leave(symbol: string): Promise<void>;
  /** An exit of a person's own for what is held in a symbol, which waits at the broker. */
  leaveBy(symbol: string, kind: OwnExitKind): Promise<void>;
  /** The operator's halt, and the end of it. */
  halt(): Promise<void>;
  flatten(): Promise<void>;
  resume(): Promise<void>;
}

/** Acts through the desk's own services, and waits out that one of them is away. */
export const createDeskOperator = ({
  workflow,
  trading,
  timekeeper,
  stocks,
  large,
}: {
  workflow: Client<typeof workflowApi>;
  trading: Client<typeof tradingApi>;
  timekeeper: Timekeeper;
  stocks: readonly string[];
  large: readonly string[];
}): DeskOperator => {
  let used = 0;
  const untilAnswered = async <T>(ask: () => Promise<T>): Promise<T> => {
    const give_up_at = performance.now() + 60_000;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const mayPass = ['SERVICE_UNAVAILABLE', 'TIMED_OUT', 'NOT_READY', 'OUTCOME_UNKNOWN'];
        if (!mayPass.includes(codeOf(error)) || performance.now() > give_up_at) throw error;
        await pause(100);
      }
    }
  };
  const heldIn = async (symbol: string): Promise<StandingPosition | undefined> => {
    const { positions } = await untilAnswered(() =>
      trading.listPositions({ query: { status: 'open' } }),
    );
    return positions.find((one) => one.symbol === symbol);
  };
  /** What is held, once the desk knows its price: it places no exit without. */
  const pricedIn = async (symbol: string): Promise<StandingPosition> => {
    for (;;) {
      const held = await heldIn(symbol);
      if (held === undefined) throw new Error(`${symbol} is not held`);
      if (held.last_price !== null) return held;
      await timekeeper.runTo(timekeeper.now() + PRICED_MS);
    }
  };
  return {
    propose: async (size) => {
      const from = size === LARGE ? large : stocks;
      let reason = '';
      for (let tries = 0; tries < from.length; tries += 1) {
        const symbol = from[(used += 1) % from.length]!;
        const proposal = await untilAnswered(() =>
          workflow.previewTrade({
            body: { symbol, side: 'buy', qty: size.qty, by: BY, request_id: randomUUID() },
          }),
        ).catch((error: unknown) => {
          if (codeOf(error) !== 'INVALID_REQUEST') throw error;
          reason = (error as Error).message;
          return null;
        });
        // an old quote, a stop too near, a target too low: another stock will do
        if (proposal?.verdict.verdict === 'approved')
          return { symbol, proposal_id: proposal.proposal_id };
        if (proposal) reason = proposal.verdict.message ?? reason;
      }
      throw new Error(`risk would let no trade of the drill pass: ${reason}`);
    },
    execute: (proposal_id) =>
      untilAnswered(() => workflow.executeProposal({ params: { proposal_id }, body: { by: BY } })),
    leave: async (symbol) => {
      const held = await heldIn(symbol);
      if (held === undefined) return;
      const request_id = randomUUID();
      await untilAnswered(() =>
        workflow.closePosition({
          params: { position_id: held.position_id },
          body: { by: BY, reason: 'the drill leaves', request_id },
        }),
      ).catch((error: unknown) => {
        // its stop, or an exit that was on its way, was faster
        if (codeOf(error) !== 'POSITION_NOT_OPEN') throw error;
      });
    },
    leaveBy: async (symbol, kind) => {
      const { position_id, last_price, live_stop_price } = await pricedIn(symbol);
      const price = Number(last_price);
      const exit: OwnExit =
        kind === 'limit'
          ? { kind, limit_price: (price * LIMIT_RATIO).toFixed(2) }
          : {
              kind: 'trailing_dollars',
              trail_price: ((price - Number(live_stop_price)) * TRAIL_RATIO).toFixed(2),
            };
      const request_id = randomUUID();
      await untilAnswered(() =>
        workflow.placeExit({
          params: { position_id },
          body: { exit, by: BY, reason: 'the drill leaves by its own order', request_id },
        }),
      );
    },
    halt: async () =>
      void (await workflow.changeTradingState({
        body: { act: 'halt', by: BY, reason: 'the drill halts' },
      })),
    flatten: async () =>
      void (await workflow.changeTradingState({
        body: { act: 'flatten', by: BY, reason: 'the drill flattens' },
      })),
    resume: async () =>
      void (await untilAnswered(() =>
        workflow.changeTradingState({
          body: { act: 'resume', by: BY, reason: 'the drill goes on' },
        }),
      )),
  };
};
