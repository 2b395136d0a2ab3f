import { z } from 'zod';

/**
 * Risk reads its limits from $CATALYST_HOME/config and its halt file from $CATALYST_HOME/state;
 * nothing more comes from the environment.
 */
export const riskConfig = z.object({});
