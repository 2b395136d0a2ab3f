import type { ClosedTrade } from './closed-trade.ts';

/** Closed trades that the desk needs before it believes its own edge. */
export const KELLY_MIN_TRADES = 30;
/** As many trades as what is believed beforehand weighs. */
const PRIOR_TRADES = 20;

/** What a kind of trade has been like. */
export interface Edge {
  trades: number;
  win_rate: number;
  /** Mean win and mean loss in R, both positive. */
  mean_win: number;
  mean_loss: number;
}

const NO_EDGE: Edge = { trades: 0, win_rate: 0.5, mean_win: 1, mean_loss: 1 };

const shrink = (sum: number, count: number, prior: number): number =>
  (sum + PRIOR_TRADES * prior) / (count + PRIOR_TRADES);

/**
 * What trades say of their edge, drawn towards what was believed before as though that were 20
 * trades more: a few lucky ones of a kind say little.
 */
export const estimateEdge = (trades: readonly ClosedTrade[], prior: Edge): Edge => {
  const wins = trades.map(({ r_multiple }) => r_multiple).filter((value) => value > 0);
  const losses = trades.map(({ r_multiple }) => r_multiple).filter((value) => value <= 0);
  const sum = (values: readonly number[]): number =>
    values.reduce((total, value) => total + value, 0);
  return {
    trades: trades.length,
    win_rate: shrink(wins.length, trades.length, prior.win_rate),
    mean_win: shrink(sum(wins), wins.length, prior.mean_win),
    mean_loss: shrink(-sum(losses), losses.length, prior.mean_loss),
  };
};

/**
 * Kelly's f = W - (1 - W) / R (Kelly 1956; W win rate, R mean win / mean loss): the share of the
 * stake that grows an account fastest; negative where the edge is.
 */
export const kellyFraction = ({ win_rate, mean_win, mean_loss }: Edge): number =>
  mean_loss > 0 && mean_win > 0 ? win_rate - (1 - win_rate) / (mean_win / mean_loss) : win_rate;

/** The edge of all trades, of those with the same pattern, and of those with the same catalyst too. */
export const edgeOf = (
  trades: readonly ClosedTrade[],
  kind: Pick<ClosedTrade, 'pattern' | 'catalyst_type'>,
): { all: Edge; pattern: Edge; kind: Edge } => {
  const all = estimateEdge(trades, NO_EDGE);
  const alike = trades.filter(({ pattern }) => kind.pattern !== null && pattern === kind.pattern);
  const pattern = estimateEdge(alike, all);
  const same = alike.filter(
    ({ catalyst_type }) => kind.catalyst_type !== null && catalyst_type === kind.catalyst_type,
  );
  return { all, pattern, kind: estimateEdge(same, pattern) };
};
