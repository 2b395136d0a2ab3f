import { Exact } from '@catalyst/domain';
import type { Cap } from '../check.ts';

export const volumeShare: Cap = {
  name: 'max_volume_ratio',
  code: 'LIQUIDITY',
  refuses:
    'more than `max_volume_ratio` of the mean daily volume of the last 20 sessions, or a symbol whose volume nobody knows',
  allow: (_intent, { daily_volume }, { max_volume_ratio }) => ({
    read: { daily_volume: daily_volume === null ? null : Math.round(daily_volume) },
    limit: max_volume_ratio,
    shares: new Exact(daily_volume ?? 0).times(max_volume_ratio).floor(),
  }),
};
