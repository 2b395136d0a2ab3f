import { holderName, keyHash, sessionMode, UNIVERSE_SIZE } from '@catalyst/contracts';
import { MOST_PARTS } from '@catalyst/domain';
import { doorSecret, doorsEnvironment, httpUrl, outgoingUrl } from '@catalyst/service-kit';
import { z } from 'zod';

/** What workflow reads from its environment beyond what every service reads. */
export const workflowEnvironment = doorsEnvironment.extend({
  /** Where the simulated exchange answers; a replay is conducted there. */
  SIMULATOR_URL: httpUrl.optional(),
  /**
   * A dead man's check that somebody else keeps: pinged each minute while the desk is well, with
   * /fail at its end while it is not.
   */
  HEARTBEAT_URL: outgoingUrl.optional(),
  /** Seals the operator's second factor. */
  DOOR_SECRET: doorSecret.optional(),
  /** How the cycles that open by themselves trade. */
  SESSION_MODE: sessionMode.default('autonomous'),
  /**
   * Multiples of the risk at which an equal part of each trade leaves, before the rest does at its
   * target: 1,2. Without it a trade leaves whole.
   */
  SCALE_OUT_AT_R: z
    .string()
    .regex(/^\d+(\.\d+)?(,\d+(\.\d+)?)*$/, 'expected multiples of the risk, such as 1,2')
    .transform((text) => text.split(',').map(Number))
    .pipe(
      z
        .array(z.number().min(0.5).max(10))
        .max(MOST_PARTS - 1)
        .refine(
          (multiples) => multiples.every((one, n) => n === 0 || one > multiples[n - 1]!),
          'expected multiples that rise, such as 1,2',
        ),
    )
    .optional(),
  UNIVERSE_SIZE: z.coerce
    .number()
    .int()
    .min(UNIVERSE_SIZE.min)
    .max(UNIVERSE_SIZE.max)
    .default(UNIVERSE_SIZE.default),
  /**
   * Keys of Claude that come with the installation, {"claude":"<sha256 of the key>"}; others are
   * made by the operator's command.
   */
  MCP_KEY_HASHES: z
    .string()
    .default('{}')
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({
          code: 'custom',
          message: 'expected JSON such as {"claude":"<sha256 of its key>"}',
        });
        return z.NEVER;
      }
    })
    .pipe(z.record(holderName, keyHash)),
});
