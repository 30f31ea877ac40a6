import type { Response } from 'express';
import { z } from 'zod';

/** Browsers hold what a form is redirected to against the policy of its page as well. */
export function allowForms(response: Response, address: string): void {
  const policy = z.string().parse(response.getHeader('content-security-policy'));
  const { origin } = new URL(address);
  response.set('Content-Security-Policy', policy.replace(/form-action 'self'/, `$& ${origin}`));
}
