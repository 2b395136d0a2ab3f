import type { patternApi } from '@catalyst/contracts';
import type { Handlers } from '@catalyst/service-kit';
import type { createCheckTriggers } from './flows/check-triggers.ts';
import type { createDetectPatterns } from './flows/detect-patterns.ts';
import type { createShowLevels } from './flows/show-levels.ts';

interface Deps {
  detectPatterns: ReturnType<typeof createDetectPatterns>;
  checkTriggers: ReturnType<typeof createCheckTriggers>;
  showLevels: ReturnType<typeof createShowLevels>;
}

export const createRoutes = ({
  detectPatterns,
  checkTriggers,
  showLevels,
}: Deps): Handlers<typeof patternApi> => ({
  detectPatterns: async ({ body }) => ({
    patterns: await detectPatterns(body.symbols, body.phase, body.session_date),
  }),
  checkTriggers: async ({ body }) => ({ triggers: await checkTriggers(body.symbols) }),
  showLevels: async ({ params }) => ({
    symbol: params.symbol,
    ...(await showLevels(params.symbol)),
  }),
});
