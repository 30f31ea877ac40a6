import { createHmac } from 'node:crypto';

/** One `v1` of the Stripe-Signature header: HMAC-SHA256 over `<seconds>.<body>`, in hex. */
function sign(secret: string, at: number, body: string): string {
  return createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
}

/** The whole header; several secrets while one is being replaced by another. */
export function signatureHeader(secrets: readonly string[], at: number, body: string): string {
  return [`t=${at}`, ...secrets.map((secret) => `v1=${sign(secret, at, body)}`)].join(',');
}
