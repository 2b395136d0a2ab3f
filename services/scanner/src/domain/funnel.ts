import type {
  FunnelStage,
  RankedCandidate,
  StageResult,
  StopCode,
  Stopped,
  UniverseFacts,
  WithCatalyst,
  WithPattern,
  WithTechnical,
} from './candidate.ts';
import { announcedCashPrice } from './cash-takeover.ts';
import type { FunnelRules } from './funnel-rules.ts';
import { catalystScore, scoreCandidate, technicalScore } from './scores.ts';

/** A check that failed: which, and the sentence with the numbers. */
type Fault = readonly [StopCode, string];

const shown = (value: number): string =>
  String(Number(value.toFixed(Math.abs(value) < 10 ? 3 : 1)));
/** Two prices with as many decimals as tell them apart. */
const apart = (left: number, right: number): [string, string] => {
  const decimals = [2, 4].find((places) => left.toFixed(places) !== right.toFixed(places)) ?? 6;
  return [left.toFixed(decimals), right.toFixed(decimals)];
};
const bySymbol = (left: { symbol: string }, right: { symbol: string }): number =>
  left.symbol < right.symbol ? -1 : left.symbol > right.symbol ? 1 : 0;

interface StageDefinition<T> {
  stage: FunnelStage;
  limit: number;
  /** Every check that fails, the most telling first. */
  check: (candidate: T) => Fault[];
  /** Orders those that pass, the highest first; ties by symbol. */
  score: (candidate: T) => number;
  score_name: string;
}

const runStage = <T extends { symbol: string }>(
  candidates: readonly T[],
  { stage, limit, check, score, score_name }: StageDefinition<T>,
): StageResult<T> => {
  const stopped: Stopped<T>[] = [];
  const passed: { candidate: T; score: number }[] = [];
  for (const candidate of candidates) {
    const faults = check(candidate);
    const first = faults[0];
    if (first)
      stopped.push({
        candidate,
        stage,
        code: first[0],
        reason: faults.map(([, reason]) => reason).join('; '),
      });
    else passed.push({ candidate, score: score(candidate) });
  }
  passed.sort(
    (left, right) => right.score - left.score || bySymbol(left.candidate, right.candidate),
  );
  passed.slice(limit).forEach((item, index) => {
    const reason = `was number ${limit + index + 1} by ${score_name} (${shown(item.score)}), the limit is ${limit}`;
    stopped.push({ candidate: item.candidate, stage, code: 'over_limit', reason });
  });
  stopped.sort((left, right) => bySymbol(left.candidate, right.candidate));
  return { stage, passed: passed.slice(0, limit).map((item) => item.candidate), stopped };
};

/**
 * Stage 1: what the technical service selected as active and in the news, and its reason for each
 * stock that it refused.
 */
export const enterUniverse = (
  members: readonly UniverseFacts[],
  refused: readonly { symbol: string; reason: string }[],
  rules: FunnelRules,
): { stage: FunnelStage; passed: UniverseFacts[]; stopped: Stopped<{ symbol: string }>[] } => {
  const { passed, stopped } = runStage(members, {
    stage: 'universe',
    limit: rules.universe.limit,
    check: () => [],
    score: (member) => member.last_price * member.average_volume,
    score_name: 'dollar volume',
  });
  const turnedAway = refused.map(({ symbol, reason }): Stopped<{ symbol: string }> => ({
    candidate: { symbol },
    stage: 'universe',
    code: 'not_in_universe',
    reason,
  }));
  return {
    stage: 'universe',
    passed,
    stopped: [...stopped, ...turnedAway].sort((left, right) =>
      bySymbol(left.candidate, right.candidate),
    ),
  };
};

/** Stage 2: a strong story that is good for the stock. */
export const screenCatalysts = (
  candidates: readonly WithCatalyst[],
  rules: FunnelRules,
): StageResult<WithCatalyst> => {
  const { limit, min_strength, min_sentiment } = rules.catalyst;
  return runStage(candidates, {
    stage: 'catalyst',
    limit,
    check: ({ catalyst }) => {
      if (catalyst === null) return [['no_catalyst', 'no catalyst was found in its news']];
      const faults: Fault[] = [];
      if (!(catalyst.strength > min_strength)) {
        faults.push([
          'catalyst_too_weak',
          `catalyst_strength was ${shown(catalyst.strength)}, not above ${min_strength}`,
        ]);
      }
      if (!(catalyst.sentiment > min_sentiment)) {
        faults.push([
          'sentiment_too_low',
          `sentiment was ${shown(catalyst.sentiment)}, not above ${min_sentiment}`,
        ]);
      }
      return faults;
    },
    score: (candidate) => catalystScore(candidate.catalyst),
    score_name: 'catalyst score',
  });
};

/**
 * Stage 3: above SMA 20, RSI in its range, on more volume than usual, and no cash takeover at its
 * price. What is not known does not pass.
 */
export const screenTechnicals = (
  candidates: readonly WithTechnical[],
  rules: FunnelRules,
): StageResult<WithTechnical> => {
  const {
    limit,
    min_rsi,
    max_rsi,
    min_relative_volume,
    requires_price_above_sma_20,
    min_deal_upside,
  } = rules.technical;
  return runStage(candidates, {
    stage: 'technical',
    limit,
    check: ({ catalyst, technical }) => {
      if (technical === null) return [['data_missing', 'no indicators were available']];
      const { last_price: price, relative_volume } = technical;
      const { sma_20, rsi_14 } = technical.indicators;
      const faults: Fault[] = [];
      const offer = announcedCashPrice(catalyst, technical);
      if (offer !== null && price !== null && Math.abs(price / offer - 1) <= min_deal_upside) {
        const distance = `${shown((price / offer - 1) * 100)} %`;
        faults.push([
          'deal_price_reached',
          `price was ${price.toFixed(2)}, ${distance} from the ${offer.toFixed(2)} in cash announced per share, not farther than ${shown(min_deal_upside * 100)} %`,
        ]);
      }
      if (requires_price_above_sma_20) {
        if (sma_20 === null) faults.push(['data_missing', 'sma_20 was not available']);
        else if (price === null) faults.push(['data_missing', 'last_price was not available']);
        else if (!(price > sma_20))
          faults.push([
            'below_sma_20',
            `price was ${apart(price, sma_20).join(', not above sma_20 ')}`,
          ]);
      }
      if (rsi_14 === null) faults.push(['data_missing', 'rsi_14 was not available']);
      else if (!(rsi_14 >= min_rsi))
        faults.push(['rsi_out_of_range', `rsi_14 was ${shown(rsi_14)}, below ${min_rsi}`]);
      else if (!(rsi_14 <= max_rsi))
        faults.push(['rsi_out_of_range', `rsi_14 was ${shown(rsi_14)}, above ${max_rsi}`]);
      if (relative_volume === null)
        faults.push(['data_missing', 'relative_volume was not available']);
      else if (!(relative_volume > min_relative_volume)) {
        faults.push([
          'relative_volume_too_low',
          `relative_volume was ${shown(relative_volume)}, not above ${min_relative_volume}`,
        ]);
      }
      return faults;
    },
    score: (candidate) => technicalScore(candidate.technical),
    score_name: 'technical score',
  });
};

/** Stage 4: a recognized set-up, surely enough. */
export const screenPatterns = (
  candidates: readonly WithPattern[],
  rules: FunnelRules,
): StageResult<WithPattern> => {
  const { limit, min_confidence } = rules.pattern;
  return runStage(candidates, {
    stage: 'pattern',
    limit,
    check: ({ pattern }) => {
      if (pattern === null) return [['no_pattern', 'no pattern was recognized']];
      if (pattern.confidence > min_confidence) return [];
      return [
        [
          'confidence_too_low',
          `confidence of ${pattern.pattern} was ${shown(pattern.confidence)}, not above ${min_confidence}`,
        ],
      ];
    },
    score: (candidate) => candidate.pattern?.confidence ?? 0,
    score_name: 'confidence',
  });
};

/** Stage 5: the best by composite score, then by reward to risk, then by symbol. */
export const rankCandidates = (
  candidates: readonly WithPattern[],
  rules: FunnelRules,
): StageResult<WithPattern, RankedCandidate> => {
  const { limit, min_reward_to_risk } = rules.ranking;
  const stopped: Stopped<WithPattern>[] = [];
  const scored: RankedCandidate[] = [];
  for (const candidate of candidates) {
    const reward = candidate.pattern?.reward_to_risk ?? Number.NaN;
    // The pattern service promises twice the risk; a hair less is its rounding, not a worse trade.
    if (!(reward >= min_reward_to_risk - 1e-9)) {
      const reason = `reward_to_risk was ${shown(reward)}, below ${min_reward_to_risk}`;
      stopped.push({ candidate, stage: 'ranking', code: 'reward_to_risk_too_low', reason });
    } else scored.push({ ...candidate, rank: 0, scores: scoreCandidate(candidate, rules.weights) });
  }
  scored.sort(
    (left, right) =>
      right.scores.composite - left.scores.composite ||
      right.pattern!.reward_to_risk - left.pattern!.reward_to_risk ||
      bySymbol(left, right),
  );
  scored.slice(limit).forEach((candidate, index) => {
    const reason = `was number ${limit + index + 1} by composite score (${shown(candidate.scores.composite)}), the limit is ${limit}`;
    stopped.push({ candidate, stage: 'ranking', code: 'over_limit', reason });
  });
  stopped.sort((left, right) => bySymbol(left.candidate, right.candidate));
  return {
    stage: 'ranking',
    passed: scored.slice(0, limit).map((candidate, index) => ({ ...candidate, rank: index + 1 })),
    stopped,
  };
};
