import { Fault, isFault } from '../fault.ts';

const storage = 'Storage';
const lookAgainSeconds = 60;
const fullDisk = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Lets work wait while our own storage has no room or does not accept us, as for a busy provider: clips
 * that are paid for are neither given up nor made anew because of it.
 * @throws Fault `provider_busy` with the time to look again.
 */
export async function whenThereIsRoom<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDiskFull(error) && !isRefused(error)) throw error;
    const again = { retryAfterSeconds: lookAgainSeconds, cause: error };
    throw new Fault('provider_busy', { provider: storage }, again);
  }
}

/** Wrong keys or a missing bucket: the operator will see to it. */
const isRefused = (error: unknown): boolean =>
  isFault(error, 'provider_locked') && error.params.provider === storage;

const isDiskFull = (error: unknown): boolean =>
  isFault(error, 'storage_full') ||
  (error instanceof Error &&
    (('code' in error && fullDisk.has(String(error.code))) || isDiskFull(error.cause)));
