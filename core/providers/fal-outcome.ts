import { z } from 'zod';

import type { ShotOutcome } from '../ports/video-models.ts';

const file = z.object({ url: z.string().min(1) });
/** What video and speech endpoints deliver. */
const delivery = z.union([
  z.object({ video: file }).transform(({ video }) => video.url),
  z.object({ audio: file }).transform(({ audio }) => audio.url),
]);

const detailLine = z.object({
  type: z.string().catch(''),
  msg: z.string().catch(''),
  loc: z.array(z.union([z.string(), z.number()])).catch([]),
});
/** Both shapes of fal.ai/docs/documentation/model-apis/request-errors; some endpoints give `detail` as text. */
const errorBody = z.object({
  detail: z.union([z.string(), z.array(detailLine)]).catch(''),
  error_type: z.string().optional().catch(undefined),
});

/** Words in which endpoints without a typed `detail` refuse a prompt. */
const refusalText = /content[ _]policy|content checker/i;

/** Says what a finished request delivered; a payload without a clip or a spoken line is a failure. */
export function readPayload(payload: unknown): ShotOutcome {
  const parsed = delivery.safeParse(payload);
  if (parsed.success) return { kind: 'delivered', url: parsed.data };
  return { kind: 'failed', retryable: false, detail: 'the result holds no address of a file' };
}

/** Whether an error body is the provider's content policy speaking (type `content_policy_violation`). */
export function isRefusal(body: unknown): boolean {
  const detail = errorBody.safeParse(body).data?.detail ?? '';
  return typeof detail === 'string'
    ? refusalText.test(detail)
    : detail.some(({ type, msg }) => type === 'content_policy_violation' || refusalText.test(msg));
}

/**
 * Says how a request failed. `retryableHeader` is `X-Fal-Retryable`, which callbacks do not have;
 * without it, 5xx and 429 are worth another try.
 */
export function readFailure(
  status: number | null,
  body: unknown,
  retryableHeader: string | null,
): ShotOutcome {
  if (isRefusal(body)) return { kind: 'refused' };
  if (status === 499) return { kind: 'cancelled' };
  const retryable =
    retryableHeader === null
      ? status === null || status >= 500 || status === 429
      : retryableHeader.toLowerCase() === 'true';
  return { kind: 'failed', retryable, detail: summarize(status, body) };
}

/** Whether this answer to a result request is the job's own end, not a gateway in between that is unwell. */
export function isJobError(status: number, body: unknown, headers: Headers): boolean {
  if (headers.has('x-fal-error-type') || headers.has('x-fal-retryable')) return true;
  const { data } = errorBody.safeParse(body);
  if (data?.error_type !== undefined) return true;
  return status === 422;
}

function summarize(status: number | null, body: unknown): string {
  const { data } = errorBody.safeParse(body);
  const lines =
    typeof data?.detail === 'string'
      ? data.detail
      : (data?.detail ?? [])
          .map(({ type, msg, loc }) => `${type} at ${loc.join('.')}: ${msg}`)
          .join('; ');
  return [status ?? 'no status', data?.error_type, lines].filter(Boolean).join(' ').slice(0, 500);
}
