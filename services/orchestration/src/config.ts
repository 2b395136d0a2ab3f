import { z } from 'zod';

/** Who may come in is workflow's to say; there is nothing to configure beside what each service has. */
export const orchestrationConfig = z.object({});
