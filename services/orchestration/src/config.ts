import { z } from 'zod';

const hostName = z
  .string()
  .regex(
    /^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/,
    'expected host names without port, separated by commas, such as desk.example.com',
  );

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
  /** `all` lists the tools too that others tell as well; each may be called either way. */
  MCP_TOOLS: z.enum(['default', 'all']).default('default'),
});
