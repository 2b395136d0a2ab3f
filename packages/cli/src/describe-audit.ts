import type { ActChain, AuditChain } from '@catalyst/contracts';
import { inNewYork } from '@catalyst/domain';
import { count } from './wording.ts';

const since = ({ began_at }: Pick<AuditChain, 'began_at'>): string => {
  if (began_at === null) return '';
  const { date, clock } = inNewYork(began_at);
  return ` since ${date} ${clock} New York`;
};

/** What no hash holds is said beside what one does. */
const outside = ({ outside_rows }: Pick<AuditChain, 'outside_rows'>): string =>
  outside_rows === 0
    ? ''
    : `; ${count(outside_rows, 'row')} from before it ${outside_rows === 1 ? 'stands' : 'stand'} outside: nothing shows whether ${outside_rows === 1 ? 'it was' : 'they were'} changed`;

const chainLine = (
  name: string,
  chain: Pick<AuditChain, 'rows' | 'head_sha256' | 'outside_rows' | 'began_at'>,
  broken_seq: number | null,
): string => {
  const { rows, head_sha256 } = chain;
  const held =
    broken_seq !== null
      ? `${count(rows, 'row')}${since(chain)}, NOT WHOLE from row ${broken_seq}`
      : head_sha256 === null
        ? 'no row is in the chain yet'
        : `${count(rows, 'row')}${since(chain)}, whole up to ${head_sha256}`;
  return `${name}: ${held}${outside(chain)}`;
};

/** How the chains of the audit stand, a line each, and what to do with their hashes. */
export const describeAudit = (calls: AuditChain, acts: readonly ActChain[]): string =>
  [
    chainLine('calls', calls, calls.broken?.seq ?? null),
    ...acts.map((chain) => chainLine(`acts of ${chain.service}`, chain, chain.broken_seq)),
    'note these hashes elsewhere: they show later that nothing before them was changed',
  ].join('\n');
