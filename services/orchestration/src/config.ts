import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a key as 64 hex digits');
const holder = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_.-]{0,39}$/,
    'expected a short name of small letters, digits, dots, dashes',
  );

export const orchestrationConfig = z.object({
  /** Who may speak MCP: {"claude":"<sha256 of the key>"}. Empty as installed: nobody. */
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
    .pipe(z.record(holder, hash)),
});
