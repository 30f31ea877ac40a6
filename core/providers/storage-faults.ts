import { z } from 'zod';

import { Fault } from '../fault.ts';

/** What the SDK says about an answer that is no success; without a status there was none. */
const refusalSchema = z.object({
  name: z.string(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});

const retryAfterSeconds = 60;
const provider = 'Storage';

/** MinIO and its kin: no space, or none left of what the bucket may take. */
const isFull = (name: string, status: number): boolean =>
  status === 507 || /StorageFull|QuotaExceeded/.test(name);

/**
 * What a call to S3 failed of, in our words: `storage_full`, `provider_busy` while the server is away or
 * asks for patience, `provider_locked` where keys, region or bucket are not right, and an Error with the
 * code `ENOENT` for a file that is not there.
 */
export function explainS3(error: unknown): Error {
  if (error instanceof Fault) return error;
  const refusal = refusalSchema.safeParse(error);
  const name = refusal.data?.name ?? '';
  const status = refusal.data?.$metadata?.httpStatusCode ?? 0;
  if (isFull(name, status)) return new Fault('storage_full', {}, { cause: error });
  if (status === 404 && name !== 'NoSuchBucket')
    return Object.assign(new Error('no such file', { cause: error }), { code: 'ENOENT' });
  const isBusy = isUnanswered(error) || status === 408 || status === 429 || status >= 500;
  if (isBusy) return new Fault('provider_busy', { provider }, { retryAfterSeconds, cause: error });
  if (status >= 300) {
    const cause = new Error(
      `the bucket answered ${status} ${name}: check its name in STORAGE_URL, and S3_ENDPOINT, S3_REGION and the two keys`,
      { cause: error },
    );
    return new Fault('provider_locked', { provider }, { cause });
  }
  return error instanceof Error ? error : new Error('storage failed', { cause: error });
}

/** Node's errors of the network have a code, the SDK's own time-outs a name. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' || ('code' in error && typeof error.code === 'string'));

/** Whether it is about a file that is not there. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
