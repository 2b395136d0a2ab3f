/**
 * A seeded source of randomness that uses only integer and correctly rounded arithmetic, so its
 * numbers are the same on every machine.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number;
  chance(probability: number): boolean;
  /**
   * Bell-shaped with mean 0 and standard deviation 1: the sum of twelve uniforms (Irwin-Hall),
   * never beyond 6.
   */
  bell(): number;
  pick<T>(items: readonly T[]): T;
  /** A new list in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * FNV-1a over UTF-16 code units, followed by a finalizer so that similar labels give unrelated
 * states.
 */
const hash = (text: string, offset: number): number => {
  let value = (0x811c9dc5 ^ offset) >>> 0;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
};

/** sfc32 (Chris Doty-Humphrey, PractRand), one independent stream for each seed and label. */
export const createRandom = (seed: number, label: string): Random => {
  const text = `${seed}:${label}`;
  let a = hash(text, 1) | 0;
  let b = hash(text, 2) | 0;
  let c = hash(text, 3) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let round = 0; round < 15; round += 1) next();
  const between = (low: number, high: number): number => low + (high - low) * next();
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    whole,
    chance: (probability) => next() < probability,
    bell: () => {
      let sum = -6;
      for (let count = 0; count < 12; count += 1) sum += next();
      return sum;
    },
    pick: (items) => {
      const item = items[whole(0, items.length - 1)];
      if (item === undefined)
        throw new RangeError('expected at least one item to pick from, was an empty list');
      return item;
    },
    shuffle: (items) => {
      const list = [...items];
      for (let index = list.length - 1; index > 0; index -= 1) {
        const other = whole(0, index);
        [list[index], list[other]] = [
          list[other] as (typeof list)[number],
          list[index] as (typeof list)[number],
        ];
      }
      return list;
    },
  };
};

/**
 * e^x for |x| <= 8 as (1 + x/4096)^4096: a relative error below 1 %, and no library function that
 * could differ between machines.
 */
export const growth = (x: number): number => {
  let value = 1 + x / 4096;
  for (let doubling = 0; doubling < 12; doubling += 1) value *= value;
  return value;
};

/**
 * A whole number with at most `digits` significant digits, so that files of many volumes stay
 * small.
 */
export const significant = (value: number, digits: number): number => {
  let unit = 1;
  while (value >= unit * 10 ** digits) unit *= 10;
  return Math.round(value / unit) * unit;
};
