/** Minutes covered by one bucket of a volume profile. */
export const PROFILE_BUCKET_MINUTES = 5;

/**
 * Mean volume by time of day over the last sessions (20 by default) of one feed.
 * `mean_volume[i]` belongs to the five minutes from `first_minute + 5 i`; minutes count from New York midnight (04:00 is 240).
 * Sessions without a trade in a bucket count as 0 in its mean.
 */
export interface VolumeProfile {
  first_minute: number;
  mean_volume: readonly number[];
}

/** Volume traded in one minute; `minute` counts from New York midnight. */
export interface MinuteVolume {
  minute: number;
  volume: number;
}

const ratio = (volume: number, expected: number): number | null => {
  const value = volume / expected;
  return expected > 0 && volume >= 0 && Number.isFinite(value) ? value : null;
};

/**
 * Builds a profile from earlier sessions, each a list of minute volumes; null without a session.
 */
export const buildVolumeProfile = (
  sessions: readonly (readonly MinuteVolume[])[],
  firstMinute = 240,
  lastMinute = 1200,
): VolumeProfile | null => {
  if (sessions.length === 0) return null;
  const total = new Array<number>(
    Math.ceil((lastMinute - firstMinute) / PROFILE_BUCKET_MINUTES),
  ).fill(0);
  for (const session of sessions) {
    for (const { minute, volume } of session) {
      const bucket = Math.floor((minute - firstMinute) / PROFILE_BUCKET_MINUTES);
      if (bucket >= 0 && bucket < total.length) total[bucket]! += volume;
    }
  }
  return {
    first_minute: firstMinute,
    mean_volume: total.map((volume) => volume / sessions.length),
  };
};

/**
 * Share (0..1) of a day's volume that the profile expects before `minute`; inside a bucket it grows
 * evenly. Null for an empty profile.
 */
export const expectedShare = (profile: VolumeProfile, minute: number): number | null => {
  let before = 0;
  let total = 0;
  profile.mean_volume.forEach((volume, index) => {
    const elapsed = (minute - profile.first_minute) / PROFILE_BUCKET_MINUTES - index;
    before += volume * Math.min(1, Math.max(0, elapsed));
    total += volume;
  });
  return total > 0 ? before / total : null;
};

/**
 * Before the open: volume so far against the mean daily volume x the share expected by that minute.
 * `daily_volumes` are those of the last 20 sessions, of the same feed. Null where nothing is expected yet.
 */
export const premarketRelativeVolume = (input: {
  volume_so_far: number;
  daily_volumes: readonly number[];
  expected_share: number;
}): number | null => {
  const days = input.daily_volumes.slice(-20);
  if (days.length === 0) return null;
  const mean = days.reduce((sum, volume) => sum + volume, 0) / days.length;
  return ratio(input.volume_so_far, mean * input.expected_share);
};

/**
 * Shares that the profile expects from minute `from` up to `to`; inside a bucket they come evenly.
 */
export const expectedVolume = (profile: VolumeProfile, from: number, to: number): number => {
  let expected = 0;
  profile.mean_volume.forEach((volume, index) => {
    const start = profile.first_minute + index * PROFILE_BUCKET_MINUTES;
    const overlap = Math.min(to, start + PROFILE_BUCKET_MINUTES) - Math.max(from, start);
    if (overlap > 0) expected += (volume * overlap) / PROFILE_BUCKET_MINUTES;
  });
  return expected;
};

/**
 * In the session: volume from `from` up to `to` against what the same minutes traded on average
 * over the last sessions. Null where nothing is expected.
 */
export const intradayRelativeVolume = (
  profile: VolumeProfile,
  volume: number,
  from: number,
  to: number,
): number | null => ratio(volume, expectedVolume(profile, from, to));
