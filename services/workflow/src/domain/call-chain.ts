import { createHash } from 'node:crypto';
import type { ToolCall } from '@catalyst/contracts';
import { canonicalJson } from '@catalyst/domain';

export interface ChainedCall extends ToolCall {
  seq: number;
  row_sha256: string;
}

/** Before the first row. */
export const CHAIN_START = '0'.repeat(64);

const hashRow = (seq: number, call: ToolCall, before: string): string => {
  const { call_id, at, caller, tool, outcome, act_id, scope, touched, duration_ms } = call;
  const row = { call_id, at, caller, tool, outcome, act_id, scope, touched, duration_ms };
  const { answer_sha256 } = call;
  const told = canonicalJson({ ...row, seq, arguments: call.arguments, answer_sha256 });
  return createHash('sha256').update(`${before}\n${told}`).digest('hex');
};

/** Numbers rows from `first` on and chains each to the one before it. */
export const chainCalls = (
  calls: readonly ToolCall[],
  first: number,
  before: string,
): ChainedCall[] => {
  let last = before;
  return calls.map((call, index) => {
    const seq = first + index;
    last = hashRow(seq, call, last);
    return { ...call, seq, row_sha256: last };
  });
};

/**
 * Goes on along a chain whose rows up to `seq` hold.
 * @returns where it breaks and why; null where all of them hold
 */
export const findBreak = (
  rows: readonly ChainedCall[],
  from: { seq: number; row_sha256: string },
): { seq: number; why: string } | null => {
  let last = from;
  for (const row of rows) {
    if (row.seq !== last.seq + 1)
      return { seq: last.seq + 1, why: `row ${last.seq + 1} is missing before row ${row.seq}` };
    if (row.row_sha256 !== hashRow(row.seq, row, last.row_sha256))
      return { seq: row.seq, why: `row ${row.seq} is not what it was when it was written` };
    last = row;
  }
  return null;
};
