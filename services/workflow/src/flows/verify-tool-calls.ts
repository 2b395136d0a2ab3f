import type { AuditChain } from '@catalyst/contracts';
import { CHAIN_START, findBreak } from '../domain/call-chain.ts';
import { findChainEnd, listChain, readChainEdge } from '../store/tool-calls.ts';
import type { FlowDeps } from './flow-deps.ts';

const AT_A_TIME = 2000;

/** Computes every row's hash anew, and looks whether the last ones are there. */
export const verifyToolCalls = async ({
  database,
}: Pick<FlowDeps, 'database'>): Promise<AuditChain> => {
  // rows that come meanwhile are the next time's
  const end = await findChainEnd(database);
  const edge = await readChainEdge(database);
  let last = { seq: 0, row_sha256: CHAIN_START };
  while (last.seq < end) {
    const rows = await listChain(database, last.seq, Math.min(AT_A_TIME, end - last.seq));
    const broken =
      rows.length === 0
        ? { seq: last.seq + 1, why: `rows ${last.seq + 1} to ${end} are missing` }
        : findBreak(rows, last);
    if (broken) return { rows: last.seq, head_sha256: last.row_sha256, broken, ...edge };
    last = rows.at(-1)!;
  }
  const head_sha256 = last.seq === 0 ? null : last.row_sha256;
  return { rows: last.seq, head_sha256, broken: null, ...edge };
};
