import { doorSecret } from '@catalyst/service-kit';
import { z } from 'zod';

const hostName = z
  .string()
  .regex(
    /^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/,
    'expected host names without port, separated by commas, such as desk.example.com',
  );

/** https, a name and nothing behind it: whatever is answered to a browser or client names this. */
const publicUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https:\/\/[^/?#@]+\/?$/.test(text),
    'expected https:// and the name of the server, without a path, such as https://desk.example.com',
  )
  .transform((text) => new URL(text).origin);

export const orchestrationConfig = z.object({
  /**
   * By which names this service is called: a request for another is refused, and so is one that
   * a page of another site makes.
   */
  MCP_ALLOWED_HOSTS: z
    .string()
    .default('localhost,127.0.0.1,[::1]')
    .transform((text) => text.split(',').map((name) => name.trim().toLowerCase()))
    .pipe(z.array(hostName).min(1)),
  /** What one key may ask in a minute; what only stops or lowers risk is taken beyond it. */
  MCP_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(100),
  /**
   * Where the desk is called from outside. With it the desk is an authorization server too (OAuth
   * 2.1), for clients that cannot be given a key; without it there is none.
   */
  PUBLIC_URL: publicUrl.optional(),
  /** What the cookies and tokens of that server are made and sealed with. */
  DOOR_SECRET: doorSecret.optional(),
  /** `all` lists the tools too that others tell as well; each may be called either way. */
  MCP_TOOLS: z.enum(['default', 'all']).default('default'),
});
