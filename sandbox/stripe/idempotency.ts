import { ApiError } from './errors.ts';
import { day, type StripeHouse } from './house.ts';
import type { StoredAnswer } from './delivery-records.ts';
import type { WireObject } from './shape.ts';

type Asked = { readonly key: string; readonly path: string; readonly params: string };

/** Answers kept by their keys, for a day of the clock. */
export type Idempotency = {
  /** The answer that this key had. @throws ApiError when the key was used for something else. */
  replay(asked: Asked): StoredAnswer | null;
  keep(asked: Asked, answer: { status: number; body: WireObject; requestId: string }): void;
  /** Runs while nobody else uses the key. @throws ApiError when somebody does. */
  alone<T>(key: string, work: () => Promise<T>): Promise<T>;
};

export function createIdempotency(house: StripeHouse): Idempotency {
  const inUse = new Set<string>();
  const { answers } = house.state;
  return {
    replay(asked) {
      const kept = answers.get(asked.key);
      if (!kept) return null;
      if (house.now() - kept.at >= day) {
        answers.delete(asked.key);
        return null;
      }
      if (kept.path !== asked.path) throw otherEndpoint(asked.key, kept.path);
      if (kept.params !== asked.params) throw otherParams(asked.key);
      return kept;
    },
    keep(asked, answer) {
      for (const [key, { at }] of answers) if (house.now() - at >= day) answers.delete(key);
      answers.set(asked.key, { ...asked, ...answer, at: house.now() });
    },
    async alone(key, work) {
      if (inUse.has(key)) throw keyInUse(key);
      inUse.add(key);
      try {
        return await work();
      } finally {
        inUse.delete(key);
      }
    },
  };
}

const idempotencyError = (status: number, message: string, code?: string) =>
  new ApiError(status, {
    ...(code === undefined ? {} : { code }),
    message,
    type: 'idempotency_error',
  });

const otherParams = (key: string) =>
  idempotencyError(
    400,
    `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  );

const otherEndpoint = (key: string, path: string) =>
  idempotencyError(
    400,
    `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}'). Try using a key other than '${key}' if you meant to execute a different request.`,
  );

const keyInUse = (key: string) =>
  idempotencyError(
    409,
    `There is currently another in-progress request using this Idempotency-Key (${key}). Please try again later.`,
    'idempotency_key_in_use',
  );
