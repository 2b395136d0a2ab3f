import { sourceTiers, weighSource } from '../../services/news/src/domain/source-tiers.ts';
import { committed, type Outcome, type Outcomes, type Tree } from './parameter-tree.ts';

const weigh = (source: string) => (config: Tree) => weighSource(sourceTiers.parse(config), source);
const tiers = committed('news_sources');
/** What each of config/news_sources.yaml decides. */
export const news: Outcomes = {
  'tier_weights/1': { to: 0.9, decides: weigh('Reuters') },
  'tier_weights/2': { to: 0.6, decides: weigh('Somebody') },
  'tier_weights/3': { to: 0.3, decides: weigh('Zacks') },
  default_tier: { to: 3, decides: weigh('Somebody') },
  ...Object.fromEntries(
    Object.entries(tiers.sources as Record<string, number>).map(
      ([source, tier]): [string, Outcome] => [
        `sources/${source}`,
        { to: tier === 1 ? 3 : 1, decides: weigh(source.toUpperCase()) },
      ],
    ),
  ),
};
