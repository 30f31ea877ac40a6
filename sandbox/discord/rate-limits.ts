/** So many requests in so many milliseconds. */
export type RateLimit = { readonly limit: number; readonly perMs: number };

/** Buckets per channel or interaction token, but `global`, which counts all but interaction routes. */
export type RateLimits = {
  readonly createMessage: RateLimit;
  readonly editMessage: RateLimit;
  readonly webhook: RateLimit;
  readonly other: RateLimit;
  readonly global: RateLimit;
};
export type BucketKind = Exclude<keyof RateLimits, 'global'>;

const generous: RateLimits = {
  createMessage: { limit: 50, perMs: 5000 },
  editMessage: { limit: 50, perMs: 5000 },
  webhook: { limit: 50, perMs: 2000 },
  other: { limit: 200, perMs: 5000 },
  global: { limit: 500, perMs: 1000 },
};

// The documentation says never to rely on numbers; these are what is commonly met.
const strict: RateLimits = {
  createMessage: { limit: 5, perMs: 5000 },
  editMessage: { limit: 5, perMs: 5000 },
  webhook: { limit: 5, perMs: 2000 },
  other: { limit: 50, perMs: 5000 },
  global: { limit: 50, perMs: 1000 },
};

export type RateVerdict = {
  readonly headers: Readonly<Record<string, string>>;
  /** Set when the request is one too many. */
  readonly refused: { readonly retryAfterSeconds: number; readonly global: boolean } | null;
};
export type RateLimiter = {
  take(kind: BucketKind, key: string, countsGlobally: boolean): RateVerdict;
};

type Window = { count: number; endsAt: number };
const windowLimit = 10_000;

/** Counts on the wall clock, because the client waits on it. */
export function createRateLimiter(
  asked: Partial<RateLimits> | 'strict' | 'off' = {},
): RateLimiter | null {
  if (asked === 'off') return null;
  const limits = asked === 'strict' ? strict : { ...generous, ...asked };
  const windows = new Map<string, Window>();
  const open = (key: string, { perMs }: RateLimit): Window => {
    const now = Date.now();
    let window = windows.get(key);
    if (!window || window.endsAt <= now) {
      window = { count: 0, endsAt: now + perMs };
      windows.delete(key);
      windows.set(key, window);
      const [oldest] = windows.keys();
      if (windows.size > windowLimit && oldest !== undefined) windows.delete(oldest);
    }
    return window;
  };
  return {
    take(kind, key, countsGlobally) {
      const limit = limits[kind];
      const window = open(`${kind}:${key}`, limit);
      const everything = countsGlobally ? open('global', limits.global) : null;
      const seconds = ({ endsAt }: Window) => Math.max(0.001, (endsAt - Date.now()) / 1000);
      if (everything && everything.count >= limits.global.limit) {
        const retryAfterSeconds = seconds(everything);
        return {
          headers: {
            'retry-after': `${Math.ceil(retryAfterSeconds)}`,
            'x-ratelimit-global': 'true',
            'x-ratelimit-scope': 'global',
          },
          refused: { retryAfterSeconds, global: true },
        };
      }
      const isFull = window.count >= limit.limit;
      if (!isFull) {
        window.count += 1;
        if (everything) everything.count += 1;
      }
      const left = seconds(window);
      return {
        headers: {
          'x-ratelimit-limit': `${limit.limit}`,
          'x-ratelimit-remaining': `${limit.limit - window.count}`,
          'x-ratelimit-reset': (window.endsAt / 1000).toFixed(3),
          'x-ratelimit-reset-after': left.toFixed(3),
          'x-ratelimit-bucket': kind,
          ...(isFull ? { 'retry-after': `${Math.ceil(left)}`, 'x-ratelimit-scope': 'user' } : {}),
        },
        refused: isFull ? { retryAfterSeconds: left, global: false } : null,
      };
    },
  };
}
