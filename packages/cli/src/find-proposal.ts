import type { LimitProposal, Proposal } from '@catalyst/contracts';
import type { DeskClients } from './desk-connection.ts';
import { UsageError } from './exit-codes.ts';
import { typed } from './typed.ts';

type Found = ({ kind: 'trade' } & Proposal) | ({ kind: 'loosen' } & LimitProposal);

/**
 * The proposal that an id, or its beginning, names among all.
 * @throws UsageError where none or several do
 */
export const findProposal = async (
  workflow: DeskClients['workflow'],
  given: string,
): Promise<Found> => {
  const [{ proposals }, { limit_proposals }] = await Promise.all([
    workflow.listProposals({ query: { state: 'all' } }),
    workflow.listLimitProposals(),
  ]);
  const all: Found[] = [
    ...proposals.map((proposal) => ({ kind: 'trade' as const, ...proposal })),
    ...limit_proposals.map((proposal) => ({ kind: 'loosen' as const, ...proposal })),
  ];
  const found = all.filter(({ proposal_id }) => proposal_id.startsWith(given.toLowerCase()));
  if (found.length === 1) return found[0]!;
  throw new UsageError(
    found.length === 0
      ? `there is no proposal "${given}"; ${typed('proposals')} lists those that wait`
      : `"${given}" names ${found.length} proposals: give more of the id`,
  );
};
