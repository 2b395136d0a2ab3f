import type {
  DetectedPattern,
  FunnelStage,
  newsApi,
  patternApi,
  TechnicalSnapshot,
  technicalApi,
} from '@catalyst/contracts';
import { later, newYorkTime, type Instant } from '@catalyst/domain';
import { AppError, type Client, type Clock } from '@catalyst/service-kit';
import type {
  CatalystFacts,
  WithCatalyst,
  WithPattern,
  WithTechnical,
} from '../domain/candidate.ts';
import type { FunnelRules } from '../domain/funnel-rules.ts';
import {
  enterUniverse,
  rankCandidates,
  screenCatalysts,
  screenPatterns,
  screenTechnicals,
} from '../domain/funnel.ts';
import { recordScan } from '../domain/scan-record.ts';
import type { ResultRow, ScanHead, Store, StoredUniverse } from '../store.ts';

const NEWS_HOURS = 24;
/** The news service looks back no further. */
const LONGEST_NEWS_HOURS = 168;
const HOUR_MS = 60 * 60_000;
const MIN_UNIVERSE = 50;

interface Deps {
  store: Store;
  clock: Clock;
  news: Client<typeof newsApi>;
  technical: Client<typeof technicalApi>;
  pattern: Client<typeof patternApi>;
  rules: () => FunnelRules;
}
type Catalysts = ReadonlyMap<string, CatalystFacts>;

export interface FunnelOutcome {
  results: ResultRow[];
  counts: Record<FunnelStage, number>;
  degraded: string[];
  /** Null where the scan goes by an earlier scan's universe. */
  universe: StoredUniverse | null;
}

const sameSymbols = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((symbol, index) => symbol === right[index]);

type WantedScan = Pick<ScanHead, 'cycle_id' | 'phase' | 'session_date' | 'universe_size'>;

/** What tells the others of a session that is over; a day in hand is what they go by. */
const sessionOf = (session_date: string | null): { session_date?: string } =>
  session_date === null ? {} : { session_date };

/** A session that is over had the news of its own day, and what came since is known as well. */
const newsHours = (session_date: string | null, now: Instant): number => {
  if (session_date === null) return NEWS_HOURS;
  const sinceClose = Date.parse(now) - Date.parse(newYorkTime(session_date, '16:00'));
  return Math.min(LONGEST_NEWS_HOURS, NEWS_HOURS + Math.max(0, Math.ceil(sinceClose / HOUR_MS)));
};

/**
 * The funnel of one scan: news, universe, catalyst, technical, pattern, ranking. Reads in sequence,
 * decides in `domain/`; stores nothing.
 */
export const createRunFunnel = ({ store, clock, news, technical, pattern, rules }: Deps) => {
  /**
   * Without the news service: the stories of the last complete scan, and half the universe, as the
   * design's degraded mode says. With a source that is away: the stored stories and the whole
   * universe, and the scan says so.
   */
  const readCatalysts = async (
    hours: number,
  ): Promise<{
    catalysts: Catalysts;
    reason: string | null;
    faults: string[];
  }> => {
    try {
      const { catalysts, degraded } = await news.queryCatalysts({ body: { hours } });
      return {
        catalysts: new Map(catalysts.map((catalyst) => [catalyst.symbol, catalyst])),
        reason: null,
        faults: degraded,
      };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const now = clock.now();
      const stored = await store.readStoredCatalysts(later(now, -hours * HOUR_MS), now);
      return {
        catalysts: new Map(stored.map(({ symbol, ...facts }) => [symbol, facts])),
        reason: error.message,
        faults: [],
      };
    }
  };

  /** A cycle's universe stands until the set of stocks in the news changes. */
  const readUniverse = async (
    stored: StoredUniverse | undefined,
    { session_date }: WantedScan,
    limit: number,
    symbolsWithNews: string[],
  ): Promise<{ universe: StoredUniverse; isNew: boolean }> => {
    if (stored && stored.limit >= limit && sameSymbols(stored.symbols_with_news, symbolsWithNews))
      return { universe: stored, isNew: false };
    const { members, refused } = await technical.selectUniverse({
      body: { ...sessionOf(session_date), limit, symbols_with_news: symbolsWithNews },
    });
    const facts = members.map(({ symbol, last_price, average_volume }) => ({
      symbol,
      last_price,
      average_volume,
    }));
    return {
      universe: { limit, symbols_with_news: symbolsWithNews, members: facts, refused },
      isNew: true,
    };
  };

  return async (head: WantedScan): Promise<FunnelOutcome> => {
    const { cycle_id, session_date, universe_size } = head;
    const phase = head.phase === 'last_session' ? 'intraday' : head.phase;
    const [{ catalysts, reason, faults }, stored] = await Promise.all([
      readCatalysts(newsHours(session_date, clock.now())),
      cycle_id === null ? undefined : store.readUniverse(cycle_id),
    ]);
    const limit =
      reason === null ? universe_size : Math.max(MIN_UNIVERSE, Math.floor(universe_size / 2));
    const degraded =
      reason === null
        ? faults
        : [
            `news is degraded, the stories of the last scan and a universe of ${limit} are used: ${reason}`,
          ];
    const applied: FunnelRules = { ...rules(), universe: { limit } };
    const { universe, isNew } = await readUniverse(
      stored,
      head,
      limit,
      [...catalysts.keys()].sort(),
    );

    const entered = enterUniverse(universe.members, universe.refused, applied);
    const strong = screenCatalysts(
      entered.passed.map((member): WithCatalyst => ({
        ...member,
        catalyst: catalysts.get(member.symbol) ?? null,
      })),
      applied,
    );

    const toMeasure = strong.passed.map((candidate) => candidate.symbol).sort();
    const { snapshots } =
      toMeasure.length === 0
        ? { snapshots: [] }
        : await technical.computeSnapshots({
            body: { ...sessionOf(session_date), symbols: toMeasure, phase },
          });
    const measured = new Map<string, TechnicalSnapshot>(
      snapshots.map((snapshot) => [snapshot.symbol, snapshot]),
    );
    const trending = screenTechnicals(
      strong.passed.map((candidate): WithTechnical => ({
        ...candidate,
        technical: measured.get(candidate.symbol) ?? null,
      })),
      applied,
    );

    const toRecognize = trending.passed.map((candidate) => candidate.symbol).sort();
    const { patterns } =
      toRecognize.length === 0
        ? { patterns: [] }
        : await pattern.detectPatterns({
            body: { ...sessionOf(session_date), symbols: toRecognize, phase },
          });
    const recognized = new Map<string, DetectedPattern>();
    // best first within a symbol
    for (const found of patterns)
      if (!recognized.has(found.symbol)) recognized.set(found.symbol, found);
    const setUp = screenPatterns(
      trending.passed.map((candidate): WithPattern => ({
        ...candidate,
        pattern: recognized.get(candidate.symbol) ?? null,
      })),
      applied,
    );
    const ranked = rankCandidates(setUp.passed, applied);

    const results = recordScan([entered, strong, trending, setUp], ranked).map(
      ({
        symbol,
        stage,
        selected,
        reason: why,
        rank,
        catalyst,
        technical: facts,
        pattern: found,
        scores,
      }): ResultRow => ({
        symbol,
        stage,
        passed: selected,
        reason: why,
        rank,
        composite_score: scores?.composite ?? null,
        catalyst_type: catalyst?.catalyst_type ?? null,
        catalyst_strength: catalyst?.strength ?? null,
        sentiment: catalyst?.sentiment ?? null,
        article_id: catalyst?.article_id ?? null,
        headline: catalyst?.headline ?? null,
        technical: facts === null ? null : measured.get(symbol)!,
        pattern: found === null ? null : recognized.get(symbol)!,
      }),
    );
    const counts = {
      universe: entered.passed.length,
      catalyst: strong.passed.length,
      technical: trending.passed.length,
      pattern: setUp.passed.length,
      ranking: ranked.passed.length,
    };
    return { results, counts, degraded, universe: isNew ? universe : null };
  };
};
export type RunFunnel = ReturnType<typeof createRunFunnel>;
