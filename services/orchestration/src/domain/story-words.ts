import { TOLD_BY_OTHERS, type SymbolStory } from '@catalyst/contracts';
import { isQuoted, ownReason } from './order-reason.ts';
import { refusalWords } from './risk-words.ts';
import { count, dollars, gain, newYork, percent, price, shares } from './wording.ts';

type Scan = SymbolStory['scans'][number];
type Decision = SymbolStory['decisions'][number];

const words = (code: string): string => code.replaceAll('_', ' ').toLowerCase();
/** Neighbours that are the same in what counts, as one: the last of them, and how many. */
const runsOf = <T>(items: readonly T[], same: (left: T, right: T) => boolean): T[][] => {
  const runs: T[][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last && same(last[0]!, item)) last.push(item);
    else runs.push([item]);
  }
  return runs;
};
const during = (from: string, to: string): string =>
  from === to ? newYork(from) : `${newYork(from).replace(' New York', '')} to ${newYork(to)}`;

/** How far each scan let it come; scans that ended alike are one row. */
export const scanRuns = (scans: readonly Scan[]) =>
  runsOf(scans, (a, b) => a.stage === b.stage && a.passed === b.passed).map((run) => {
    const last = run.at(-1)!;
    return {
      from: run[0]!.completed_at,
      to: last.completed_at,
      scans: run.length,
      stage: last.stage,
      passed: last.passed,
      reason: last.reason,
      rank: last.rank,
    };
  });
export const decisionRuns = (decisions: readonly Decision[]) =>
  runsOf(decisions, (a, b) => a.kind === b.kind && a.outcome === b.outcome).map((run) => {
    const { kind, outcome, reason, decided_at } = run.at(-1)!;
    return {
      from: run[0]!.decided_at,
      to: decided_at,
      times: run.length,
      kind,
      outcome,
      reason: TOLD_BY_OTHERS.has(outcome) ? 'the broker did not take it' : reason,
    };
  });

export const storyLines = (story: SymbolStory, most: number): string[] => {
  const { scans, decisions, reviews, proposals, orders, positions, afterwards } = story;
  const cut = <T>(items: readonly T[], line: (item: T) => string): string[] => [
    ...(items.length > most ? [`(${items.length - most} earlier ones left out)`] : []),
    ...items.slice(-most).map(line),
  ];
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `- ${line}`)];
  return [
    ...section(
      'Scans',
      cut(
        scanRuns(scans),
        ({ from, to, stage, passed, reason, scans: times }) =>
          `${during(from, to)} (${count(times, 'scan')}): ${passed ? 'a candidate' : `ended at ${stage}`}, ${reason}`,
      ),
    ),
    ...section(
      'Decisions',
      cut(
        decisionRuns(decisions),
        ({ from, to, times, kind, outcome, reason }) =>
          `${during(from, to)}${times > 1 ? ` (${times} times)` : ''}: ${kind}, ${words(outcome)}: ${reason}`,
      ),
    ),
    ...section(
      'Risk',
      cut(reviews, ({ decided_at, decision }) =>
        decision.verdict === 'refused'
          ? `${newYork(decided_at)}: refused (${decision.code}), ${refusalWords(decision)}`
          : `${newYork(decided_at)}: approved ${shares(decision.qty)} shares, ${dollars(decision.notional_usd)}, risking ${dollars(decision.risk_usd)}`,
      ),
    ),
    ...section(
      'Proposals',
      cut(
        // what was said yes to stands among the decisions
        proposals.filter(({ origin, state }) => origin === 'cycle' && state !== 'executed'),
        ({ created_at, state, summary }) => `${newYork(created_at)}: ${state}. ${summary}`,
      ),
    ),
    ...section(
      'Orders',
      cut(orders, (order) => {
        const at = order.limit_price ?? order.stop_price;
        const moved = order.changes
          .filter(({ from_price, to_price }) => from_price !== null && to_price !== null)
          .map(
            ({ occurred_at, from_price, to_price }) =>
              `; moved from ${price(from_price)} to ${price(to_price)} at ${newYork(occurred_at)}`,
          );
        const filled = order.fills.map(
          (fill) =>
            `; filled ${shares(fill.qty)} at ${price(fill.price)} at ${newYork(fill.filled_at)}`,
        );
        return `${newYork(order.created_at)} ${order.role}: ${order.side} ${shares(order.qty)}${at === null ? ' at market' : ` at ${price(at)}`}, ${words(order.status)}${ownReason(order.reason)}${moved.join('')}${filled.join('')}`;
      }),
    ),
    ...section(
      'Result',
      positions
        .filter(({ entered_at }) => entered_at !== null)
        .map((held) =>
          held.status === 'closed'
            ? `in at ${price(held.entry_price)}, out at ${price(held.exit_price)} (${words(held.exit_reason ?? 'external')}), ${gain(held.realized_pnl_usd)}${held.r_multiple === null ? '' : `, ${held.r_multiple.toFixed(2)} R`}`
            : `${shares(held.qty)} still held, unrealised ${gain(held.unrealized_pnl_usd)}`,
        ),
    ),
    ...(afterwards
      ? [
          `Afterwards: from ${price(afterwards.price)} at ${newYork(afterwards.since)} to ${price(afterwards.last)} at ${newYork(afterwards.until)} (${percent(Number(afterwards.last) / Number(afterwards.price) - 1, 1)}); highest ${price(afterwards.highest)}, lowest ${price(afterwards.lowest)}.`,
        ]
      : []),
  ];
};

/** What others said: headlines, the company's name, whoever refused an order. */
export const storyQuotes = (
  { symbol, name, news, orders }: SymbolStory,
  most: number,
): string[] => [
  ...(name === '' ? [] : [`${symbol} is: ${name}`]),
  ...news
    .filter(({ is_repeat }) => !is_repeat)
    .slice(-most)
    .map(({ first_seen_at, headline }) => `${newYork(first_seen_at)} headline: ${headline}`),
  ...orders.flatMap(({ role, reason }) => (isQuoted(reason) ? [`${role} order: ${reason}`] : [])),
];
