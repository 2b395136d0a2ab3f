import { instant } from '@catalyst/domain';
import { z } from 'zod';
import { outsideText } from './outside-text.ts';

export const alert = z.object({
  /** An id to acknowledge; a proposal that waits is listed as proposal:<its id>. */
  alert_id: z.string(),
  /** When it came last. */
  at: instant,
  severity: z.enum(['info', 'warning', 'critical']),
  code: z.string(),
  /** Ours, but it may quote whoever refused something. */
  message: outsideText,
  /** Which service raised it. */
  source: z.string(),
  first_at: instant,
  /** How often it came between the two. */
  count: z.int().min(1),
  acknowledged_at: instant.nullable(),
  acknowledged_by: z.string().nullable(),
  /** When a mail or the webhook first took it out of the machine. */
  sent_at: instant.nullable(),
});
export type Alert = z.infer<typeof alert>;
