import { funnelStages, type SymbolStory } from '@catalyst/contracts';
import { clock, count, exitWords, price, rWords, signedUsd } from './report/wording.ts';

type Told = Omit<SymbolStory, 'verdict'>;
type Position = Told['positions'][number];

const entryWords = ({ direction, entered_qty, entry_price, entered_at }: Position): string =>
  `${direction === 'long' ? 'bought' : 'sold short'} ${entered_qty} at ${price(entry_price!)} at ${clock(entered_at!)}`;

const positionWords = (position: Position): string => {
  const { direction, exit_price, exited_at, exit_reason, realized_pnl_usd, r_multiple } = position;
  if (exit_price === null || exited_at === null || position.status !== 'closed')
    return `${entryWords(position)}, and ${position.qty} still held`;
  const out = `${direction === 'long' ? 'sold' : 'bought back'} at ${price(exit_price)} at ${clock(exited_at)}`;
  return `${entryWords(position)}, ${out}, ${exitWords[exit_reason ?? 'external']}: ${signedUsd(realized_pnl_usd)}, ${rWords(r_multiple)}`;
};

/** What the desk says of it; the broker's own words stand at the order. */
const unfilledBecause = ({ status, reason }: Told['orders'][number]): string =>
  status === 'rejected' || status === 'refused' ? 'the broker did not take it' : (reason ?? status);

/** The scan in which it came farthest, the latest of several. */
const farthest = (scans: Told['scans']): Told['scans'][number] | undefined =>
  scans.reduce<Told['scans'][number] | undefined>((best, scan) => {
    const far = (one: Told['scans'][number]): number =>
      funnelStages.indexOf(one.stage) + (one.passed ? 1 : 0);
    return best === undefined || far(scan) >= far(best) ? scan : best;
  }, undefined);

/** What became of the stock, in one sentence: traded with its result, or where it ended and why. */
export const storyVerdict = ({
  cycle_state,
  news,
  scans,
  decisions,
  reviews,
  orders,
  positions,
}: Told): string => {
  const not_bought =
    cycle_state === 'closed' || cycle_state === 'failed' ? 'Not bought' : 'Not bought so far';
  const held = positions.filter(({ entered_at }) => entered_at !== null);
  if (held.length > 0) return `${held.map(positionWords).join('; ')}.`;
  const unfilled = orders.filter(({ role }) => role === 'entry').at(-1);
  if (unfilled)
    return `${not_bought}: the entry of ${clock(unfilled.created_at)} was not filled (${unfilledBecause(unfilled)}).`;
  const refusals = reviews.filter(({ decision }) => decision.verdict === 'refused');
  const refused = refusals.at(-1);
  if (refused?.decision.verdict === 'refused')
    return `${not_bought}: risk refused it at ${clock(refused.decided_at)}: ${refused.decision.message}.`;
  const decided = decisions.at(-1);
  if (decided)
    return `${not_bought}: last decided at ${clock(decided.decided_at)} (${decided.outcome.replaceAll('_', ' ')}): ${decided.reason}.`;
  const scan = farthest(scans);
  if (scan?.passed)
    return `${not_bought}: it was a candidate at ${clock(scan.completed_at)} (${scan.reason}), and nothing was decided on it.`;
  if (scan)
    return `${not_bought}: in ${count(scans.length, 'scan')} it came no farther than the stage ${scan.stage}, last at ${clock(scan.completed_at)}: ${scan.reason}.`;
  return news.length > 0
    ? `${not_bought}: ${count(news.length, 'article')} told of it, and no scan looked at it.`
    : `${not_bought}: no news told of it, and no scan looked at it.`;
};
