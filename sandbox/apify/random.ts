/** A repeatable source of random numbers for one seed text. */
export type Random = {
  /** Uniform in 0..1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** Standard normal. */
  normal(): number;
  /** Log-normal around `median`; `spread` is the standard deviation of the logarithm. */
  logNormal(median: number, spread: number): number;
  pick<T>(first: T, ...others: readonly T[]): T;
  /** So many characters of the alphabet. */
  letters(alphabet: string, length: number): string;
};

/** Seeds a generator (xmur3 hash, mulberry32 sequence; both public domain). */
export function createRandom(seed: string): Random {
  let hash = 1_779_033_703 ^ seed.length;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 3_432_918_353);
    hash = (hash << 13) | (hash >>> 19);
  }
  let state = hash >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    normal,
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    pick: (first, ...others) => others[Math.floor(next() * (others.length + 1)) - 1] ?? first,
    letters: (alphabet, length) =>
      Array.from({ length }, () => alphabet.charAt(Math.floor(next() * alphabet.length))).join(''),
  };
}
