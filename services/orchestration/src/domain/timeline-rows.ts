import { isOurAlert, outsideText, TOLD_BY_OTHERS, type timelineEntry } from '@catalyst/contracts';
import { instant } from '@catalyst/domain';
import { z } from 'zod';
import { newYork } from './wording.ts';

export const timelineRow = z.object({
  at: instant,
  kind: z.enum(['transition', 'job', 'decision', 'alert']),
  /** What happened, in our words. */
  title: z.string(),
  /** Why, in our words. */
  reason: z.string().optional(),
  /** What somebody else said of it: a broker, a vendor. */
  quoted: outsideText.optional(),
});
export type TimelineRow = z.infer<typeof timelineRow>;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** An entry of a timeline as it is shown: our words apart from those of others. */
export const toTimelineRow = ({
  at,
  kind,
  title,
  details,
}: z.output<typeof timelineEntry>): TimelineRow => {
  if (kind === 'alert')
    return {
      at,
      kind,
      title: [textOf(details.severity), textOf(details.code)].filter(Boolean).join(' '),
      ...(isOurAlert(String(details.code)) ? { reason: title } : { quoted: title }),
    };
  const said = textOf(details.reason) ?? textOf(details.note);
  const isQuoted =
    kind === 'job' ? details.state === 'failed' : TOLD_BY_OTHERS.has(String(details.outcome));
  return { at, kind, title, ...(said && (isQuoted ? { quoted: said } : { reason: said })) };
};

export const timelineLine = ({ at, title, reason }: TimelineRow): string =>
  `${newYork(at)} ${title.replaceAll('_', ' ')}${reason ? `: ${reason}` : ''}`;
export const timelineQuotes = (rows: readonly TimelineRow[]): string[] =>
  rows.flatMap(({ at, title, quoted }) => (quoted ? [`${newYork(at)} ${title}: ${quoted}`] : []));
