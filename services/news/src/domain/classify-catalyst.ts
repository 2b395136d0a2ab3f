import type { CatalystType } from '@catalyst/domain';

export interface CatalystInput {
  headline: string;
  summary?: string;
  /** How much the source has earned our trust, 0..1. */
  source_weight: number;
  /** Minutes from publication (or first sight) to now; the caller's clock. */
  age_minutes: number;
}

export interface CatalystParts {
  /** How strongly this kind of news moves stocks. */
  type: number;
  /** A fact is 1, a plan about a half, a rumour or a preview close to 0. */
  certainty: number;
  /** Size of the percentages and dollars in the text; 0.5 where it names none. */
  magnitude: number;
  source: number;
  /** 1 for four hours, falling to 0 at a day. */
  freshness: number;
}

export interface Catalyst {
  catalyst_type: CatalystType;
  /** Other kinds that the text speaks of, by priority. */
  also: CatalystType[];
  /**
   * 0..1, the weighted sum of the parts; a rumour or a preview never exceeds `UNCERTAIN_CEILING`.
   */
  strength: number;
  parts: CatalystParts;
  /** Largest percentage and largest amount of dollars that the text names. */
  evidence: { matched: string | null; percent: number | null; dollars: number | null };
}

/** Weights of the parts; they add up to 1. */
export const STRENGTH_WEIGHTS: Readonly<CatalystParts> = {
  type: 0.4,
  certainty: 0.3,
  magnitude: 0.1,
  source: 0.1,
  freshness: 0.1,
};

/** What may not be true, or has not happened, is never a strong catalyst however large its kind. */
export const UNCERTAIN_CEILING = 0.65;
const UNCERTAIN = 0.25;

export const TYPE_WEIGHTS: Readonly<Record<CatalystType, number>> = {
  merger_acquisition: 1,
  fda: 1,
  guidance: 0.9,
  earnings: 0.85,
  contract_product: 0.75,
  offering_buyback: 0.7,
  legal: 0.6,
  index: 0.55,
  management: 0.45,
  analyst: 0.45,
  insider: 0.4,
  other: 0.15,
};

/**
 * Which words speak of which kind, by priority: an offering after an earnings beat is about the
 * beat, a trial result about the trial.
 */
const RULES: readonly (readonly [CatalystType, RegExp])[] = [
  [
    'fda',
    /\b(fda|phase (?:[123]|i{1,3})\b|clinical (?:trial|hold|data)|topline|top-line|primary endpoint|pdufa|complete response letter|breakthrough (?:therapy|device)|fast track|orphan drug|(?:marketing|new drug|biologics) application|ema approv\w+)/i,
  ],
  [
    'merger_acquisition',
    /\b(to be acquired|acquir(?:e|es|ed|ing)|acquisition|merger?s?|merging|takeover|buyout|buy-out|take[ns]? private|taking private|tender offer|per share in cash|all-cash deal|all-stock deal|to buy \w+ for \$|hostile bid|unsolicited (?:bid|offer|proposal)|spin-?off)\b/i,
  ],
  [
    'earnings',
    /\b(earnings|eps|quarterly (?:results|profit|loss|revenue|sales)|(?:first|second|third|fourth)[- ]quarter|q[1-4](?! guidance| outlook)|(?:beats?|miss(?:es)?|tops?|exceeds?) (?:\w+ ){0,3}(?:estimates|expectations|forecasts|consensus|views)|net (?:profit|income|loss)|(?:profit|revenue|sales) (?:rises?|falls?|jumps?|drops?|up|down|surges?|soars?|declines?)|same-store sales|record (?:revenue|sales|profit|quarter))\b/i,
  ],
  [
    'guidance',
    /\b(guidance|outlook|(?:raises?|cuts?|lowers?|lifts?|boosts?|trims?|slashes|reaffirms?|hikes?|withdraws?) (?:its |fy\d* |full[- ]year |annual |\d{4} |profit |sales |revenue )*(?:forecast|view|targets?|outlook|guidance)|profit warning|pre-?announces?|guides (?:above|below|higher|lower))\b/i,
  ],
  [
    'offering_buyback',
    /\b((?:public|secondary|stock|share|equity|registered direct|at-the-market|convertible (?:senior )?notes?|common stock|follow-on|upsized)[ -]offerings?|prices? (?:\$?[\d.,]+ ?\w* )?(?:\w+ ){0,2}offering|offering of|dilut\w+|buybacks?|repurchases?|special dividend|(?:raises?|hikes?|cuts?|suspends?|declares?|initiates?) (?:\w+ ){0,2}dividend|stock split)\b/i,
  ],
  [
    'index',
    /\b((?:join(?:s|ing)?|added to|to join|inclusion in|removed from|deleted from|replac\w+ in) (?:the )?(?:s&p|nasdaq|dow|russell|msci)[\w &-]*|index (?:inclusion|rebalanc\w+|addition))/i,
  ],
  [
    'legal',
    /\b(lawsuits?|sues?|sued|suing|settle(?:s|d|ment)?|class action|subpoena\w*|indict\w*|antitrust|court|judge|jury|verdict|patent (?:suit|infringement|ruling|win)|probe[sd]?|investigat\w+|sec charges|doj|ftc|fined?|penalt\w+|recalls?|data breach)\b/i,
  ],
  [
    'contract_product',
    /\b(contracts?|awarded|orders? (?:worth|for|from)|purchase order|supply (?:deal|agreement)|partner(?:s|ship|ing)?|collaborat\w+|licens(?:e|es|ing) (?:deal|agreement)|launch(?:es|ed)?|unveils?|introduces?|new product|selected by|deal with|pentagon|wins? \$?[\d.]+)\b/i,
  ],
  [
    'analyst',
    /\b(upgrade[sd]?|downgrade[sd]?|price target|target (?:raised|cut|lowered|to)|initiat(?:es?|ed) (?:\w+ ){0,3}(?:coverage|at|with|buy|sell|neutral)|reiterat\w+|maintains? (?:\w+ ){0,2}(?:buy|hold|sell|neutral|rating)|(?:overweight|outperform|underperform|underweight|equal[- ]weight)|analysts?)\b/i,
  ],
  [
    'insider',
    /\b(insiders?|form 4|13d|13g|(?:ceo|cfo|director|chairman|founder) (?:buys|sells|bought|sold|purchases)|activist|(?:discloses?|takes?|builds?|raises?|cuts?) (?:a |an |its )?(?:[\d.]+% )?stake|stake in)\b/i,
  ],
  [
    'management',
    /\b((?:names?|appoints?|hires?|taps|promotes) (?:\w+ ){0,5}(?:ceo|cfo|coo|cto|president|chair\w*|chief)|(?:ceo|cfo|coo|chair\w*|president|chief executive|chief financial officer) (?:\w+ ){0,3}(?:resigns?|steps? down|departs?|retires?|ousted|to leave|dies)|new (?:ceo|cfo|chief)|management change|board (?:shake-?up|changes?))\b/i,
  ],
];

const PREVIEW =
  /\b(to report|set to report|ahead of (?:earnings|results|the print)|earnings preview|preview|what to expect|expected to (?:report|post|announce)|previews?|scheduled|to (?:host|present|participate|webcast)|conference call|watch list|stocks to watch|q&a|why (?:is|are)|should you)\b|\?\s*$/i;
const RUMOUR =
  /\b(rumou?rs?|rumou?red|reportedly|sources? say|said to be|is said to|in talks|exploring|explores|considering|considers|mulls?|mulling|weighs|may|might|could|speculation|chatter|interest from|denies|unconfirmed)\b/i;
const STANDING = /\b(reiterat\w+|maintain\w*|reaffirm\w*|affirms?|keeps)\b/i;
const PLAN =
  /\b(plans?|seeks?|aims?|intends?|proposes?|proposed|files? for|expects?|targets? to)\b/i;
const FACT =
  /\b(announces?|announced|agree[sd]?|definitive|reports?|reported|posts?|posted|beats?|miss(?:es|ed)?|tops?|exceeds?|wins?|won|awarded|approv(?:es|ed|al)|clears|grants?|rejects?|raises?|raised|cuts?|lowers?|lifts?|boosts?|hikes?|slashes|prices?|priced|completes?|completed|closes|closed|signs?|signed|launch(?:es|ed)|upgrade[sd]?|downgrade[sd]?|names?|appoints?|resigns?|steps down|declares?|authoriz(?:es|ed)|settles?|sues?|sued|recalls?|meets|met|failed|fails|acquires?|acquired|to acquire|joins|added|received?|receives|selected|files for bankruptcy|secures?|surges?|jumps?|plunges?|soars?)\b/i;

const certaintyOf = (text: string): number => {
  if (PREVIEW.test(text)) return 0.1;
  if (RUMOUR.test(text)) return UNCERTAIN;
  if (STANDING.test(text)) return 0.35;
  if (FACT.test(text)) return 1;
  return PLAN.test(text) ? 0.5 : 0.6;
};

const UNITS: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mm: 1e6,
  mn: 1e6,
  mln: 1e6,
  million: 1e6,
  b: 1e9,
  bn: 1e9,
  bln: 1e9,
  billion: 1e9,
  t: 1e12,
  trillion: 1e12,
};

const largest = (values: readonly number[]): number | null => {
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.length === 0 ? null : finite.reduce((most, value) => Math.max(most, value));
};

/** The largest percentage that the text names, without its sign. */
export const largestPercent = (text: string): number | null =>
  largest(
    [...text.matchAll(/(\d[\d,]{0,9}(?:\.\d{1,4})?) ?(?:%|percent\b|per cent\b|pct\b)/gi)].map(
      (match) => Number(match[1]!.replaceAll(',', '')),
    ),
  );

/**
 * The largest amount with a unit ("$2.1 billion", "$300M"), in dollars; a price per share is no
 * magnitude.
 */
export const largestDollars = (text: string): number | null =>
  largest(
    [
      ...text.matchAll(
        /\$ ?(\d[\d,]{0,12}(?:\.\d{1,4})?) ?(k|thousand|mm|mn|mln|million|m|bn|bln|billion|b|trillion|t)\b/gi,
      ),
    ].map((match) => Number(match[1]!.replaceAll(',', '')) * UNITS[match[2]!.toLowerCase()]!),
  );

const unit = (value: number): number =>
  Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;

/** 25 % is a full magnitude; $10 million is a third, $1 billion a full one. */
const magnitudeOf = (percent: number | null, dollars: number | null): number => {
  if (percent === null && dollars === null) return 0.5;
  const byPercent = percent === null ? 0 : unit(percent / 25);
  const byDollars = dollars === null || dollars <= 0 ? 0 : unit((Math.log10(dollars) - 6) / 3);
  return Math.max(byPercent, byDollars);
};

/**
 * What kind of news this is and how strongly it should move the stock; the direction is the
 * sentiment's matter.
 */
export const classifyCatalyst = ({
  headline,
  summary = '',
  source_weight,
  age_minutes,
}: CatalystInput): Catalyst => {
  const find = (text: string): { type: CatalystType; matched: string }[] =>
    RULES.flatMap(([type, rule]) => {
      const match = rule.exec(text);
      return match ? [{ type, matched: match[0].toLowerCase() }] : [];
    });
  const inHeadline = find(headline);
  const found = inHeadline.length > 0 ? inHeadline : find(summary);
  const catalystType = found[0]?.type ?? 'other';
  const text = `${headline}. ${summary}`;
  const percent = largestPercent(text);
  const dollars = largestDollars(text);
  const parts: CatalystParts = {
    // A kind that only the summary mentions is a side remark.
    type: TYPE_WEIGHTS[catalystType] * (inHeadline.length > 0 || found.length === 0 ? 1 : 0.7),
    certainty: certaintyOf(headline),
    magnitude: magnitudeOf(percent, dollars),
    source: unit(source_weight),
    freshness: unit((1440 - age_minutes) / (1440 - 240)),
  };
  const strength = (Object.keys(STRENGTH_WEIGHTS) as (keyof CatalystParts)[]).reduce(
    (sum, name) => sum + STRENGTH_WEIGHTS[name] * parts[name],
    0,
  );
  return {
    catalyst_type: catalystType,
    also: found.slice(1).map((item) => item.type),
    strength: Math.min(unit(strength), parts.certainty <= UNCERTAIN ? UNCERTAIN_CEILING : 1),
    parts,
    evidence: { matched: found[0]?.matched ?? null, percent, dollars },
  };
};
