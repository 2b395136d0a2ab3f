import { describe, expect, it } from '@jest/globals';
import { createShareReads } from './share-reads.ts';

/** Reads that are answered when the test says so. */
const slowReads = () => {
  const waiting: PromiseWithResolvers<string>[] = [];
  return {
    waiting,
    ask: (): Promise<string> => {
      const read = Promise.withResolvers<string>();
      waiting.push(read);
      return read.promise;
    },
  };
};

describe('a read', () => {
  it('is asked once for all who want the same meanwhile, and again for who comes after', async () => {
    const { waiting, ask } = slowReads();
    const { share } = createShareReads();
    const both = [share('risk', ask), share('risk', ask)];
    const other = share('positions', ask);
    expect(waiting).toHaveLength(2);
    waiting[0]!.resolve('first');
    waiting[1]!.resolve('other');
    expect(await Promise.all([...both, other])).toEqual(['first', 'first', 'other']);
    const later = share('risk', ask);
    waiting[2]!.resolve('second');
    expect(await later).toBe('second');
  });
  it('from before an act answers nobody who asks after it', async () => {
    const { waiting, ask } = slowReads();
    const { share, askAnew } = createShareReads();
    const before = share('risk', ask);
    askAnew();
    const after = share('risk', ask);
    waiting[0]!.resolve('active');
    expect(await before).toBe('active');
    const beside = share('risk', ask);
    expect(waiting).toHaveLength(2);
    waiting[1]!.resolve('halted');
    expect(await Promise.all([after, beside])).toEqual(['halted', 'halted']);
  });
  it('that fails, fails for all who wait for it and for nobody else', async () => {
    const { waiting, ask } = slowReads();
    const { share } = createShareReads();
    const both = [share('risk', ask), share('risk', ask)];
    waiting[0]!.reject(new Error('away'));
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ]);
    const later = share('risk', ask);
    waiting[1]!.resolve('back');
    expect(await later).toBe('back');
  });
});
