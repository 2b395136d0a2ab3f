import type { SymbolStory } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import type { Terminal } from './terminal.ts';
import { showGain } from './show-gain.ts';
import { count, oneLine } from './wording.ts';

type Scan = SymbolStory['scans'][number];
type Review = SymbolStory['reviews'][number];
type Order = SymbolStory['orders'][number];
type Proposal = SymbolStory['proposals'][number];
type Move = NonNullable<SymbolStory['afterwards']>;

const clock = (at: string): string => inNewYork(at).clock;
const words = (code: string): string => code.replaceAll('_', ' ').toLowerCase();
const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(2)}`;

const newsLine = (article: SymbolStory['news'][number]): string => {
  const { first_seen_at, source, headline, catalyst_type, catalyst_strength, sentiment } = article;
  const scored =
    catalyst_type === null || catalyst_strength === null || sentiment === null
      ? 'not scored'
      : `${words(catalyst_type)}, strength ${catalyst_strength.toFixed(2)}, sentiment ${signed(sentiment)} (${article.scored_by})`;
  return `${clock(first_seen_at)}  "${oneLine(headline)}"\n       ${oneLine(source)}: ${article.is_repeat ? 'repeats another article' : scored}`;
};

/** Scans that end at the same stage one after the other are one line: the first's and last's time. */
const scanLines = (scans: readonly Scan[]): string[] => {
  const groups: Scan[][] = [];
  for (const scan of scans) {
    const last = groups.at(-1);
    if (last?.[0]!.stage === scan.stage && last[0].passed === scan.passed) last.push(scan);
    else groups.push([scan]);
  }
  return groups.map((group) => {
    const [first, last] = [group[0]!, group.at(-1)!];
    const when =
      group.length === 1
        ? clock(first.completed_at)
        : `${clock(first.completed_at)} to ${clock(last.completed_at)}`;
    const more = group.length === 1 ? '' : ` (the last of ${group.length} scans)`;
    return `${when.padEnd(15)}  ${last.stage.padEnd(9)}  ${last.passed ? 'chosen' : 'out   '}  ${last.reason}${more}`;
  });
};

/** What the stock showed at each stage of a scan. */
const stageLines = ({
  catalyst_type,
  catalyst_strength,
  technical,
  pattern,
  ...scan
}: Scan): string[] => [
  ...(catalyst_type === null || catalyst_strength === null
    ? []
    : [`catalyst   ${words(catalyst_type)}, strength ${catalyst_strength.toFixed(2)}`]),
  ...(technical === null
    ? []
    : [
        `technical  price ${technical.last_price ?? 'unknown'}, gap ${technical.gap_ratio === null ? 'unknown' : `${(technical.gap_ratio * 100).toFixed(1)} %`}, relative volume ${technical.relative_volume?.toFixed(2) ?? 'unknown'}, rsi_14 ${technical.indicators.rsi_14?.toFixed(1) ?? 'unknown'}`,
      ]),
  ...(pattern === null
    ? []
    : [
        `pattern    ${words(pattern.pattern)} (${pattern.timeframe}), confidence ${pattern.confidence.toFixed(2)}, level ${pattern.level}, reward to risk ${pattern.reward_to_risk.toFixed(2)}`,
      ]),
  ...(scan.rank === null || scan.composite_score === null
    ? []
    : [`ranking    rank ${scan.rank}, composite score ${scan.composite_score.toFixed(3)}`]),
];

const WIDTH = 100;
/** Sentences side by side, as many to a line as fit. */
const fill = (parts: readonly string[], indent: string): string[] =>
  parts.reduce<string[]>((lines, part) => {
    const line = lines.at(-1);
    if (line !== undefined && line.length + part.length + 2 <= WIDTH)
      return [...lines.slice(0, -1), `${line}; ${part}`];
    return [...lines, `${indent}${part}`];
  }, []);

/** A number as a person reads it: no more places than say something. */
const brief = (text: string): string =>
  /^-?\d+\.\d{4,}$/.test(text) ? String(Number(Number(text).toPrecision(3))) : text;

/** Every check that ran, with what it held against which limit. */
const checkLines = ({ checks }: Review['decision']): string[] => {
  if (checks.length === 0) return [];
  const shown = checks.map(
    ({ name, verdict, value, limit }) =>
      `${verdict === 'passed' ? '' : `${verdict}: `}${words(name)} ${brief(value)} (limit ${brief(limit)})`,
  );
  return [`       checks, ${checks.length}:`, ...fill(shown, '         ')];
};

const reviewLines = ({ decided_at, intent, decision }: Review): string[] => [
  `${clock(decided_at)}  asked: ${intent.direction} ${intent.qty ?? 'as many as risk allows'} at ${intent.entry_price}, stop ${intent.stop_price}, target ${intent.target_price}`,
  ...(decision.verdict === 'refused'
    ? [
        `       refused (${decision.code}): ${decision.message}; limit ${decision.limit}, was ${decision.value}, at most ${decision.max_qty} would pass`,
      ]
    : [
        `       approved: ${decision.qty} shares, $${decision.risk_usd} at risk, $${decision.notional_usd} in all`,
        `       shares that each limit allows: ${Object.entries(decision.sizing)
          .filter(([name]) => name !== 'tightest')
          .map(
            ([name, shares]) =>
              `${words(name)} ${shares}${decision.sizing.tightest === name ? ' (the tightest)' : ''}`,
          )
          .join(', ')}`,
      ]),
  ...checkLines(decision),
];

const orderLines = (order: Order): string[] => {
  const at = order.limit_price ?? order.stop_price;
  return [
    `${clock(order.created_at)}  ${order.role}: ${order.side} ${order.qty}, ${words(order.type)}${at === null ? '' : ` ${at}`}: ${words(order.status)}${order.reason === null ? '' : ` (${order.reason})`}`,
    ...order.changes.flatMap(({ occurred_at, event, from_price, to_price, why }) =>
      from_price === null && to_price === null
        ? []
        : [
            `       ${words(event)} from ${from_price ?? 'none'} to ${to_price ?? 'none'} at ${clock(occurred_at)}${why === null ? '' : `: ${oneLine(why)}`}`,
          ],
    ),
    ...order.fills.map(
      ({ filled_at, qty, price }) => `       filled ${qty} at ${price} at ${clock(filled_at)}`,
    ),
  ];
};

const proposalLines = (proposal: Proposal): string[] => [
  `${clock(proposal.created_at)}  ${proposal.origin === 'cycle' ? 'proposed by the cycle' : 'previewed by a person'}: ${oneLine(proposal.summary)}`,
  `       ${proposal.state}${proposal.outcome === null ? '' : `: ${oneLine(proposal.outcome)}`}`,
];

const moveLines = ({ since, price, highest, lowest, last, until }: Move): string[] => {
  const by = (to: string): string =>
    `${signed((100 * (Number(to) - Number(price))) / Number(price))} %`;
  return [
    `from ${price} at ${clock(since)} to ${last} at ${clock(until)} (${by(last)}); highest ${highest} (${by(highest)}), lowest ${lowest} (${by(lowest)})`,
  ];
};

const resultLine = (position: SymbolStory['positions'][number]): string =>
  position.entered_at === null
    ? 'nothing was filled'
    : position.status !== 'closed'
      ? `${position.qty} held; ${showGain(position.unrealized_pnl_usd)} open, ${showGain(position.realized_pnl_usd)} realised`
      : `${showGain(position.realized_pnl_usd)}${position.r_multiple === null ? '' : `, ${signed(position.r_multiple)} R`}, held from ${clock(position.entered_at)} to ${clock(position.exited_at!)}; left: ${words(position.exit_reason ?? 'external')}`;

/** The story for a person, step by step; times are New York's. */
export const describeStory = (story: SymbolStory, { colors }: Terminal): string => {
  const entered = story.decisions.find(({ kind }) => kind === 'enter' || kind === 'propose');
  // what scans made of a stock after it was bought explains nothing
  const was_held = story.positions.some(({ entered_at }) => entered_at !== null);
  const before = story.scans.filter(
    ({ completed_at }) => !was_held || entered === undefined || completed_at <= entered.decided_at,
  );
  const chosen_in = story.scans.find(({ scan_id }) => scan_id === entered?.scan_id);
  const after = story.scans.length - before.length;
  const sections: [string, string[]][] = [
    ['news', story.news.map(newsLine)],
    [
      'scans: the last stage it entered, and why it ended there or was chosen',
      [...scanLines(before), ...(after === 0 ? [] : [`and ${count(after, 'scan')} after that`])],
    ],
    [
      'stages of the scan that was decided on',
      chosen_in === undefined ? [] : stageLines(chosen_in),
    ],
    [
      'decisions',
      story.decisions.map(
        ({ decided_at, kind, outcome, reason }) =>
          `${clock(decided_at)}  ${kind}, ${words(outcome)}: ${oneLine(reason)}`,
      ),
    ],
    [
      'signals',
      story.signals.map(
        (signal) =>
          `${clock(signal.created_at)}  number ${signal.seq}: ${signal.side} at ${signal.entry_price}, stop ${signal.stop_price}, target ${signal.target_price}, good until ${clock(signal.valid_until)}`,
      ),
    ],
    ['risk', story.reviews.flatMap(reviewLines)],
    ['proposals', story.proposals.flatMap(proposalLines)],
    ['orders', story.orders.flatMap(orderLines)],
    ['result', story.positions.map(resultLine)],
    ['afterwards', story.afterwards === null ? [] : moveLines(story.afterwards)],
  ];
  const named = story.name === '' ? '' : `, ${oneLine(story.name)}`;
  return [
    colors.bold(`${story.symbol}${named}${story.sector === null ? '' : ` (${story.sector})`}`),
    `${story.trade_date}, times in New York: ${story.verdict}`,
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([title, lines]) => [
        '',
        colors.bold(title),
        ...lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`),
      ]),
  ].join('\n');
};
