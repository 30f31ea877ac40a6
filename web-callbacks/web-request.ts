import type { Request as ExpressRequest, Response as ExpressResponse } from 'express';

import type { Services } from '../core/context.ts';

/** The headers of a request as the web platform has them. */
export function headersOf({ headers }: ExpressRequest): Headers {
  const copied = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const one of [value ?? []].flat()) copied.append(name, one);
  return copied;
}

/** A request whose body has been read raw, at the address under which the web app is known. */
export function toWebRequest(services: Services, request: ExpressRequest): Request {
  const { method, originalUrl, body } = request;
  const address = new URL(originalUrl, services.publicUrl() ?? 'http://127.0.0.1');
  const headers = headersOf(request);
  headers.delete('content-length');
  // Whoever is sent somewhere is sent there, however the program asks.
  headers.set('sec-fetch-mode', 'navigate');
  return new Request(address, {
    method,
    headers,
    ...(Buffer.isBuffer(body) && method !== 'GET' ? { body: new Uint8Array(body) } : {}),
  });
}

/** Answers with what the web platform's Response says; our own headers of safety stay. */
export async function sendWebResponse(response: ExpressResponse, answer: Response): Promise<void> {
  response.status(answer.status);
  for (const [name, value] of answer.headers)
    if (name !== 'set-cookie' && name !== 'content-length') response.set(name, value);
  setCookies(response, answer.headers.getSetCookie());
  response.set('Cache-Control', 'no-store').send(Buffer.from(await answer.arrayBuffer()));
}

/** Adds cookies that are written out already. */
export function setCookies(response: ExpressResponse, cookies: readonly string[]): void {
  for (const cookie of cookies) response.append('Set-Cookie', cookie);
}
