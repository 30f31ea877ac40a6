import type { Request, Response } from 'express';

import type { Services } from '../core/context.ts';
import { networkOf } from '../core/limits/network.ts';

type Refusal = {
  readonly response: Response;
  readonly status: number;
  /** What the caller was told, or the door that turned it away. */
  readonly code: string;
};

/** Whether an answer turns somebody away; what is not there is asked for by every scanner, all day long. */
export const isRefusal = (status: number): boolean =>
  status >= 400 && status < 500 && status !== 404 && status !== 405;

/**
 * Tells the log whom the web app turned away, where and why, so that who looks into an attack finds it.
 * The address goes without its query, which holds secrets.
 */
export function noteRefusal(
  { log }: Services,
  { method, path, ip = '' }: Request,
  { response, status, code }: Refusal,
): void {
  const requestId = response.get('X-Request-Id');
  log.info({ requestId, method, path, status, code, from: networkOf(ip) }, 'request refused');
}
