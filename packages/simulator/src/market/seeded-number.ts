/**
 * A number in [0, 1) that depends on its parts only (FNV-1a, then murmur3's finaliser): the same on
 * every machine and in every run.
 */
export const seededNumber = (...parts: readonly (string | number)[]): number => {
  const text = parts.join('|');
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
};
