import { describe, expect, it } from '@jest/globals';
import { deskStatuses, isEnded } from '@catalyst/domain';
import { assertCancelable } from './cancelable.ts';

const order = { client_order_id: 'cat-1', symbol: 'ACME', role: 'entry', status: 'new' } as const;
const codeOf = (given: Parameters<typeof assertCancelable>[1]): string | null => {
  try {
    assertCancelable('cat-1', given);
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('an order that is to be cancelled by its name', () => {
  it('is an entry that may still fill, whatever its status', () => {
    for (const status of deskStatuses)
      expect([status, codeOf({ ...order, status })]).toEqual([
        status,
        status === 'intended' ? 'OUTCOME_UNKNOWN' : isEnded(status) ? 'INVALID_REQUEST' : null,
      ]);
  });

  it('is never one that protects or closes, nor one that nobody knows', () => {
    expect(codeOf(undefined)).toBe('NOT_FOUND');
    for (const role of ['stop', 'target', 'exit'] as const)
      for (const status of deskStatuses)
        expect([role, status, codeOf({ ...order, role, status })]).toEqual([
          role,
          status,
          'INVALID_REQUEST',
        ]);
  });
});
