import type {
  CandidateScores,
  CatalystFacts,
  FunnelStage,
  PatternFacts,
  RankedCandidate,
  StopCode,
  Stopped,
  TechnicalFacts,
} from './candidate.ts';

/** What is kept of every stock that entered a scan: how far it came and why no further. */
export interface ScanRecord {
  symbol: string;
  /** The stage that it stopped in; `ranking` for those that came through. */
  stage: FunnelStage;
  selected: boolean;
  /** 1 is the best; null for those that stopped. */
  rank: number | null;
  code: StopCode | 'selected';
  reason: string;
  catalyst: CatalystFacts | null;
  technical: TechnicalFacts | null;
  pattern: PatternFacts | null;
  scores: CandidateScores | null;
}

type AnyCandidate = { symbol: string } & {
  catalyst?: CatalystFacts | null;
  technical?: TechnicalFacts | null;
  pattern?: PatternFacts | null;
  scores?: CandidateScores;
};
interface AnyStage {
  stage: FunnelStage;
  stopped: readonly Stopped<AnyCandidate>[];
}

const record = (
  candidate: AnyCandidate,
  fields: Pick<ScanRecord, 'stage' | 'selected' | 'rank' | 'code' | 'reason'>,
): ScanRecord => ({
  symbol: candidate.symbol,
  ...fields,
  catalyst: candidate.catalyst ?? null,
  technical: candidate.technical ?? null,
  pattern: candidate.pattern ?? null,
  scores: candidate.scores ?? null,
});

/**
 * One record per stock of a finished scan: the selected by rank, then the rest, those that came
 * furthest first, by symbol.
 */
export const recordScan = (
  earlier: readonly AnyStage[],
  ranking: AnyStage & { passed: readonly RankedCandidate[] },
): ScanRecord[] => {
  const selected = ranking.passed.map((candidate) => {
    const reason = `rank ${candidate.rank} with a composite score of ${candidate.scores.composite.toFixed(3)}`;
    return record(candidate, {
      stage: 'ranking',
      selected: true,
      rank: candidate.rank,
      code: 'selected',
      reason,
    });
  });
  const stopped = [...earlier, ranking].toReversed().flatMap((result) =>
    result.stopped.map((item) =>
      record(item.candidate, {
        stage: item.stage,
        selected: false,
        rank: null,
        code: item.code,
        reason: item.reason,
      }),
    ),
  );
  return [...selected, ...stopped];
};
