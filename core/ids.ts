import { randomBytes } from 'node:crypto';

/** The only source of identifiers and randomness, so that tests can replay a run. */
export interface Ids {
  /** A new identifier such as `vid_0k3…`: 16 base-32 characters, 80 random bits, safe in addresses. */
  next(prefix: string): string;
  /** `bytes` unguessable bytes. */
  random(bytes: number): Buffer;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Identifiers drawn from any source of random bytes. @internal */
export function createIds(random: (bytes: number) => Buffer): Ids {
  return {
    next: (prefix) =>
      `${prefix}_${Array.from(random(16), (byte) => alphabet[byte % alphabet.length]).join('')}`,
    random,
  };
}

export const systemIds: Ids = createIds(randomBytes);
