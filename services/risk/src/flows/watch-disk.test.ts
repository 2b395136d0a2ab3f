import { describe, expect, it } from '@jest/globals';
import { LEAST_FREE_BYTES, describeShortage } from '@catalyst/domain';
import type { Alerts, Log } from '@catalyst/service-kit';
import { watchDisk } from './watch-disk.ts';

const open = () => {
  let free_bytes = LEAST_FREE_BYTES;
  let isDatabaseFull = false;
  const told: string[] = [];
  const { look, stop } = watchDisk({
    findShortage: () => describeShortage('/home', free_bytes),
    alerts: {
      raise: async ({ code }: { code: string }) => {
        if (isDatabaseFull) throw new Error('no space');
        told.push(code);
      },
    } as unknown as Alerts,
    log: {
      info: (event: string) => told.push(event),
      error: (event: string) => told.push(event),
    } as unknown as Log,
  });
  stop();
  return {
    told,
    after: async (bytes: number, isFull = false) => {
      free_bytes = bytes;
      isDatabaseFull = isFull;
      await look();
    },
  };
};

describe('the watch over the disk', () => {
  it('tells a person once below the floor of 500 MB, and again only after there was space', async () => {
    const { told, after } = open();
    await after(500 * 1024 ** 2);
    expect(told).toEqual([]);
    await after(500 * 1024 ** 2 - 1);
    await after(0);
    expect(told).toEqual(['DISK_SPACE_LOW']);
    await after(500 * 1024 ** 2);
    await after(1);
    expect(told).toEqual(['DISK_SPACE_LOW', 'disk_has_space_again', 'DISK_SPACE_LOW']);
  });

  it('goes on trying while the database takes no alert', async () => {
    const { told, after } = open();
    await after(0, true);
    await after(0, true);
    await after(0);
    await after(0);
    expect(told).toEqual(['disk_space_low', 'disk_space_low', 'DISK_SPACE_LOW']);
  });
});
