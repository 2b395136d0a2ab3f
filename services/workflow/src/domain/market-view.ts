import type { Scan, ScanResult } from '@catalyst/contracts';

/** What of a scan is kept for entering trades. */
export interface Candidate {
  symbol: string;
  rank: number;
  composite_score: number | null;
  article_id: string | null;
  catalyst_type: string | null;
  headline: string | null;
  /** At the scan; absent in a view that was kept before it was told. */
  relative_volume?: number | null;
}

export interface MarketView {
  scan_id: string;
  /** By rank, then symbol. */
  candidates: Candidate[];
  /**
   * Symbols whose bars are kept current: the candidates, then the rest of those that news is
   * moving.
   */
  watchlist: string[];
}

/** Symbols watched at most; each costs a bar a minute. */
export const WATCHLIST_SIZE = 40;

const bySymbol = (a: { symbol: string }, b: { symbol: string }): number =>
  a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0;

const hasCatalyst = ({ stage }: ScanResult): boolean =>
  stage === 'technical' || stage === 'pattern' || stage === 'ranking';

/** Reads a complete scan: who is a candidate, and whom to watch. */
export const viewOfScan = ({ scan_id, results }: Pick<Scan, 'scan_id' | 'results'>): MarketView => {
  const candidates = results
    .filter(
      (result): result is ScanResult & { rank: number } => result.passed && result.rank !== null,
    )
    .sort((a, b) => a.rank - b.rank || bySymbol(a, b))
    .map(({ symbol, rank, composite_score, article_id, catalyst_type, headline, technical }) => ({
      symbol,
      rank,
      composite_score,
      article_id,
      catalyst_type,
      headline,
      relative_volume: technical?.relative_volume ?? null,
    }));
  const moved = results
    .filter(hasCatalyst)
    .sort((a, b) => (b.catalyst_strength ?? 0) - (a.catalyst_strength ?? 0) || bySymbol(a, b));
  const watchlist = [...new Set([...candidates, ...moved].map(({ symbol }) => symbol))].slice(
    0,
    WATCHLIST_SIZE,
  );
  return { scan_id, candidates, watchlist };
};

/** The symbols whose bars a minute needs: what is held first, then the watchlist. */
export const symbolsOfInterest = (held: readonly string[], view: MarketView | null): string[] => [
  ...new Set([...[...held].sort(), ...(view?.watchlist ?? [])]),
];

/** A decision of today that bears on whether a symbol may be tried again. */
export interface EarlierDecision {
  symbol: string;
  kind: 'enter' | 'skip' | 'exit' | 'propose';
  outcome: string;
  decided_at: string;
}

/**
 * Minutes after a refusal, an expired proposal or a failed order before the same symbol is tried
 * again.
 */
export const RETRY_AFTER_MINUTES = 15;

/**
 * Outcomes after which a symbol is done for the day: its order went out, or a person decided about
 * it.
 */
const FINAL_OUTCOMES = new Set(['submitted', 'rejected', 'executed', 'ENTRY_REFUSED']);

/**
 * Candidates that may be entered now, by rank: not held, not entered or turned down today, not
 * refused a few minutes ago.
 */
export const eligibleCandidates = (
  view: MarketView | null,
  held: ReadonlySet<string>,
  decisions: readonly EarlierDecision[],
  now: string,
): Candidate[] => {
  const coolUntil = (at: string): number => Date.parse(at) + RETRY_AFTER_MINUTES * 60_000;
  const isTried = (symbol: string): boolean =>
    decisions.some(
      (decision) =>
        decision.symbol === symbol &&
        (decision.kind === 'exit' ||
          (decision.kind !== 'skip' &&
            (FINAL_OUTCOMES.has(decision.outcome) ||
              Date.parse(now) < coolUntil(decision.decided_at)))),
    );
  return (view?.candidates ?? []).filter(({ symbol }) => !held.has(symbol) && !isTried(symbol));
};
