import { z } from 'zod';

const connection = z.enum(['connected', 'disconnected', 'not_used']);
/** The body of GET /health, in the shape of the v6.0 design. */
export const health = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  service: z.string(),
  version: z.string(),
  timestamp: z.string(),
  mode: z.enum(['replay', 'paper', 'live']),
  database: connection,
  redis: connection,
  dependencies: z.record(z.string(), z.enum(['healthy', 'degraded', 'unhealthy'])),
  notes: z.array(z.string()),
  /** When something that its work lives on came last, on the desk's clock; null where none has yet. */
  latest: z.record(z.string(), z.string().nullable()).default({}),
});
export type Health = z.infer<typeof health>;
