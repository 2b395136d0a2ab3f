import type { Check } from '../check.ts';

export const positionCount: Check = {
  name: 'position_count',
  code: 'MAX_POSITIONS',
  refuses: 'a position beyond `max_positions`, entries on their way and approvals counted',
  find: (_intent, { commitments }, { max_positions: limit }) => ({
    read: {
      positions: commitments.filter(({ kind }) => kind === 'position').length,
      approvals: commitments.filter(({ kind }) => kind === 'approval').length,
    },
    limit,
    value: commitments.length,
    fault:
      commitments.length >= limit
        ? `${commitments.length} positions and pending entries, at most ${limit}`
        : null,
  }),
};
