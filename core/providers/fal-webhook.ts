import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

import { z } from 'zod';

import type { ShotCallback, ShotOutcome, VideoModels } from '../ports/video-models.ts';
import { readFailure, readPayload } from './fal-outcome.ts';

/** Both ways, as fal's documentation asks. */
const windowSeconds = 300;
const cacheLimitMs = 24 * 3600 * 1000;
/** Forged callbacks must not make us hammer fal for its keys. */
const refetchPauseMs = 60_000;
const fetchLimitMs = 10_000;

const jwksSchema = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string(), crv: z.string().optional(), x: z.string().optional() }))
    .max(50),
});
const edKeySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[\w-]{43}$/),
});

const bodySchema = z.object({
  request_id: z.string().min(1),
  status: z.string(),
  error: z.string().nullish().catch(null),
  payload: z.unknown().optional(),
  payload_error: z.string().nullish().catch(null),
});

/**
 * Verifies fal's callbacks: Ed25519 over `${requestId}\n${userId}\n${timestamp}\n${sha256hex(body)}` with any key
 * of the JWKS, which is kept for at most 24 hours and fetched anew once when no key fits.
 * The reader rejects when the keys cannot be fetched or a signed body is of no known shape: fal then calls again.
 * Source: docs.fal.ai/model-endpoints/webhooks.
 */
export function createCallbackReader(restUrl: string): VideoModels['readCallback'] {
  const keys = createKeyStore(restUrl);
  return async (body, header, now) => {
    const signed = readSigned(body, header, now);
    if (!signed) return null;
    const fits = (key: KeyObject) => verify(null, signed.message, key, signed.signature);
    if ((await keys.current(now)).some(fits) || (await keys.renewed(now)).some(fits)) {
      return readCallbackBody(body);
    }
    return null;
  };
}

function readSigned(
  body: Buffer,
  header: (name: string) => string | undefined,
  now: Date,
): { message: Buffer; signature: Buffer } | null {
  const requestId = header('x-fal-webhook-request-id');
  const userId = header('x-fal-webhook-user-id');
  const timestamp = header('x-fal-webhook-timestamp') ?? '';
  const signature = header('x-fal-webhook-signature') ?? '';
  if (!requestId || !userId || !/^\d{1,12}$/.test(timestamp)) return null;
  if (!/^[0-9a-f]{128}$/i.test(signature)) return null;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > windowSeconds) return null;
  const digest = createHash('sha256').update(body).digest('hex');
  return {
    message: Buffer.from(`${requestId}\n${userId}\n${timestamp}\n${digest}`, 'utf8'),
    signature: Buffer.from(signature, 'hex'),
  };
}

function readCallbackBody(body: Buffer): ShotCallback {
  const parsed = bodySchema.parse(JSON.parse(body.toString('utf8')));
  return { requestId: parsed.request_id, outcome: readOutcome(parsed) };
}

function readOutcome(body: z.infer<typeof bodySchema>): ShotOutcome {
  if (body.status === 'OK') {
    if (!body.payload_error) return readPayload(body.payload);
    return { kind: 'failed', retryable: true, detail: body.payload_error.slice(0, 500) };
  }
  const status = /status code: (\d{3})/.exec(body.error ?? '')?.[1];
  return readFailure(status === undefined ? null : Number(status), body.payload, null);
}

type KeyStore = {
  current(now: Date): Promise<readonly KeyObject[]>;
  /** Empty when the keys were fetched a moment ago. */
  renewed(now: Date): Promise<readonly KeyObject[]>;
};

function createKeyStore(restUrl: string): KeyStore {
  let cache: { readonly keys: readonly KeyObject[]; readonly fetchedAt: number } | null = null;
  let fetching: Promise<readonly KeyObject[]> | null = null;

  const renew = (now: Date): Promise<readonly KeyObject[]> => {
    // Callbacks that come together wait for one answer.
    fetching ??= fetchKeys(restUrl)
      .then((keys) => {
        cache = { keys, fetchedAt: now.getTime() };
        return keys;
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  };
  const ageMs = (now: Date) => (cache ? Math.abs(now.getTime() - cache.fetchedAt) : Infinity);
  return {
    current: async (now) => (cache && ageMs(now) <= cacheLimitMs ? cache.keys : renew(now)),
    renewed: async (now) => (ageMs(now) < refetchPauseMs ? [] : renew(now)),
  };
}

async function fetchKeys(restUrl: string): Promise<readonly KeyObject[]> {
  const response = await fetch(`${restUrl}/.well-known/jwks.json`, {
    redirect: 'error',
    signal: AbortSignal.timeout(fetchLimitMs),
  });
  if (!response.ok) throw new Error(`fal's key list answered ${response.status}`);
  const { keys } = jwksSchema.parse(await response.json());
  return keys.flatMap((entry) => {
    const parsed = edKeySchema.safeParse(entry);
    return parsed.success ? [createPublicKey({ key: parsed.data, format: 'jwk' })] : [];
  });
}
