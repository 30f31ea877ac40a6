/** These services answer in well under a second; a hanging connection must not hold a worker. */
const answerLimitMs = 30_000;

/**
 * One request and its whole answer within 30 seconds, for clients that would send a request again on a body
 * that breaks off. A redirect is an error: a followed 307 would send a POST twice.
 */
export async function fetchWhole(
  address: string | URL | Request,
  init: RequestInit,
): Promise<Response> {
  const limit = AbortSignal.timeout(answerLimitMs);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  const response = await fetch(address, { ...init, signal, redirect: 'error' });
  const text = await response.text();
  const { status, headers } = response;
  return new Response(status === 204 ? null : text, { status, headers });
}
