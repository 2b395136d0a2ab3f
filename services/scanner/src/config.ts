import { z } from 'zod';

/**
 * The scanner reads its thresholds from $CATALYST_HOME/config; nothing more comes from the
 * environment.
 */
export const scannerConfig = z.object({});
