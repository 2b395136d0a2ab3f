import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stableId } from '@catalyst/domain';
import { CHAIN_START, chainCalls, findBreak } from './call-chain.ts';

const calls = fc.array(
  fc.record({
    call_id: fc.uuid(),
    at: fc.constant('2026-03-24T14:00:00.000Z'),
    caller: fc.string(),
    tool: fc.string(),
    arguments: fc.dictionary(fc.string(), fc.jsonValue()),
    outcome: fc.string(),
    act_id: fc.constant(null),
    scope: fc.constant('read' as const),
    touched: fc.constant<string[]>([]),
    duration_ms: fc.nat(),
    answer_sha256: fc.constant(null),
  }),
  { minLength: 2, maxLength: 12 },
);
const start = { seq: 0, row_sha256: CHAIN_START };

describe('the chain of tool calls', () => {
  it('holds for rows as they were written, whatever the order of an argument’s names', () => {
    fc.assert(
      fc.property(calls, (given) => {
        const rows = chainCalls(given, 1, CHAIN_START);
        const reread = rows.map((row) => ({
          ...row,
          arguments: Object.fromEntries(Object.entries(row.arguments).toReversed()),
        }));
        expect(findBreak(reread, start)).toBeNull();
      }),
    );
  });
  it('breaks at the row that was changed, taken out or exchanged', () => {
    fc.assert(
      fc.property(calls, fc.nat(), (given, pick) => {
        const rows = chainCalls(given, 1, CHAIN_START);
        const at = pick % rows.length;
        const changed = rows.with(at, { ...rows[at]!, tool: `${rows[at]!.tool}!` });
        expect(findBreak(changed, start)).toMatchObject({ seq: at + 1 });
        if (at < rows.length - 1)
          expect(findBreak(rows.toSpliced(at, 1), start)).toMatchObject({ seq: at + 1 });
        const other = { ...rows[at]!, call_id: stableId('another', at) };
        expect(findBreak(rows.with(at, other), start)).toMatchObject({ seq: at + 1 });
      }),
    );
  });
});
