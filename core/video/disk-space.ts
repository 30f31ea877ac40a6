import { Fault, isFault } from '../fault.ts';

const lookAgainSeconds = 60;
const fullDisk = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Lets work wait while the disk is full, as for a busy provider: clips that are paid for are neither
 * given up nor made anew because our own storage has no room.
 * @throws Fault `provider_busy` with the time to look again.
 */
export async function whenThereIsRoom<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    const again = { retryAfterSeconds: lookAgainSeconds, cause: error };
    throw new Fault('provider_busy', { provider: 'Storage' }, again);
  }
}

const isDiskFull = (error: unknown): boolean =>
  isFault(error, 'storage_full') ||
  (error instanceof Error &&
    (('code' in error && fullDisk.has(String(error.code))) || isDiskFull(error.cause)));
