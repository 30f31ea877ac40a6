/** How long to leave a busy or unreachable provider alone when it does not say. */
export const pauseSeconds = 10;
/**
 * The same for a provider that no request reaches. With the waits that the queue grants a job, work waits
 * longer than the fifteen minutes after which its video is given up.
 */
export const unreachablePauseSeconds = 20;
const longestPauseSeconds = 3600;

/** Whole seconds of a Retry-After header; its date form is rare enough to be left to our own pause. */
export function readRetryAfter(value: string | null): number {
  return value !== null && /^\d{1,9}$/.test(value)
    ? Math.min(Math.max(Number(value), 1), longestPauseSeconds)
    : pauseSeconds;
}
