import { holderName, keyHash, sessionMode, UNIVERSE_SIZE } from '@catalyst/contracts';
import { doorsEnvironment, httpUrl, outgoingUrl } from '@catalyst/service-kit';
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
  /** How the cycles that open by themselves trade. */
  SESSION_MODE: sessionMode.default('autonomous'),
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
