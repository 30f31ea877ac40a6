import type { Services } from '../context.ts';

/**
 * Where the provider reports on one attempt. The HMAC lets a callback adopt an attempt whose
 * request id was never stored because the process died between the call and the answer.
 */
export function attemptLink(services: Services, publicUrl: string, attemptId: string): string {
  const url = new URL('/webhooks/fal', publicUrl);
  url.searchParams.set('attempt', attemptId);
  url.searchParams.set('sig', services.crypto.sign('attempt', attemptId));
  return url.href;
}

export const isAttemptLink = (services: Services, attemptId: string, signature: string): boolean =>
  services.crypto.verify(signature, 'attempt', attemptId);
