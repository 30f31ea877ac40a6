import { Fault } from '../fault.ts';
import { isUnsent } from './unsent.ts';

const provider = 'Apify';

/** Refusals that pass when our other runs end; they come as 400, 402 or 429. */
const busyTypes = new Set([
  'rate-limit-exceeded',
  'concurrent-runs-limit-exceeded',
  'actor-memory-limit-exceeded',
]);
const lockedTypes = new Set([
  'actor-is-not-rented',
  'full-permission-actor-not-approved',
  'insufficient-permissions',
  'monthly-usage-limit-too-low',
  'not-enough-usage-to-run-paid-actor',
  'token-not-provided',
  'user-or-token-not-found',
  'record-or-token-not-found',
]);
const lockedStatuses = new Set([401, 402, 403]);
const retryAfterSeconds = 60;

/** What the API said, as the client's error class holds it. */
type ApiRefusal = { readonly statusCode: number; readonly type?: string; readonly message: string };

/** The fault for an answer of the API, with the API's words for operators only. */
export function faultForRefusal({ statusCode, type = '', message }: ApiRefusal): Fault {
  const cause = new Error(`Apify answered ${statusCode} ${type}: ${message}`);
  if (statusCode === 429 || busyTypes.has(type)) {
    return new Fault('provider_busy', { provider }, { cause, retryAfterSeconds });
  }
  if (lockedStatuses.has(statusCode) || lockedTypes.has(type)) {
    return new Fault('provider_locked', { provider }, { cause });
  }
  return faultForFailure(cause);
}

/** The fault for an answer to a read: a service that is unwell will still have it later. */
export function faultForRead(refusal: ApiRefusal): Fault {
  const fault = faultForRefusal(refusal);
  return refusal.statusCode < 500 ? fault : busy(fault.cause);
}

const busy = (cause: unknown): Fault =>
  new Fault('provider_busy', { provider }, { cause, retryAfterSeconds });

/** The fault for anything else that went wrong on the way or at the provider. */
export function faultForFailure(cause: Error): Fault {
  return new Fault('provider_failed', { provider }, { cause });
}

/**
 * The fault for a connection that broke or was not made; `isRead`: nothing can have come of it. The cause
 * keeps the code and message only: the HTTP client's error holds the whole request with our token.
 */
export function faultForConnection(
  error: { readonly code?: unknown; readonly message: string },
  isRead: boolean,
): Fault {
  const code = typeof error.code === 'string' ? error.code : 'unknown';
  const cause = new Error(`No answer from Apify (${code}): ${error.message}`);
  return isRead || isUnsent(error) ? busy(cause) : faultForFailure(cause);
}
