import { describe, expect, it } from '@jest/globals';
import {
  buildVolumeProfile,
  expectedShare,
  intradayRelativeVolume,
  premarketRelativeVolume,
} from './relative-volume.ts';

const even = { first_minute: 240, mean_volume: [100, 100, 300, 500] };

describe('relative volume', () => {
  it.each([
    [230, 0],
    [240, 0],
    [245, 0.1],
    [252.5, 0.35],
    [260, 1],
    [900, 1],
  ])('expects at minute %d a share of %d', (minute, share) => {
    expect(expectedShare(even, minute)).toBeCloseTo(share, 12);
  });

  it('before the open compares the volume so far with the mean day x the expected share', () => {
    const daily_volumes = [9_000_000, ...Array.from({ length: 20 }, () => 1_000_000)];
    expect(
      premarketRelativeVolume({ volume_so_far: 30_000, daily_volumes, expected_share: 0.01 }),
    ).toBeCloseTo(3, 12);
  });

  it('in the session compares minutes with the same minutes of earlier sessions', () => {
    expect(intradayRelativeVolume(even, 180, 250, 252)).toBeCloseTo(1.5, 12);
    expect(intradayRelativeVolume(even, 600, 242.5, 253)).toBeCloseTo(600 / (50 + 100 + 180), 12);
  });

  it('is null where nothing can be expected', () => {
    expect(
      premarketRelativeVolume({ volume_so_far: 10, daily_volumes: [], expected_share: 0.1 }),
    ).toBeNull();
    expect(
      premarketRelativeVolume({ volume_so_far: 10, daily_volumes: [100], expected_share: 0 }),
    ).toBeNull();
    expect(intradayRelativeVolume(even, 10, 900, 905)).toBeNull();
    expect(expectedShare({ first_minute: 240, mean_volume: [0, 0] }, 245)).toBeNull();
    expect(buildVolumeProfile([])).toBeNull();
  });

  it('counts a session without trades in a bucket as zero', () => {
    const profile = buildVolumeProfile(
      [
        [
          { minute: 240, volume: 10 },
          { minute: 244, volume: 30 },
        ],
        [],
      ],
      240,
      250,
    );
    expect(profile).toEqual({ first_minute: 240, mean_volume: [20, 0] });
  });
});
