import type { Stripe } from 'stripe';
import { z } from 'zod';

import { Fault } from '../fault.ts';
import { stripeVersion } from '../stripe-messages.ts';
import { pauseSeconds, readRetryAfter } from './retry-after.ts';

/** Where Stripe's API is reached, and as whom. */
export type StripeAccess = {
  /** https://api.stripe.com, or the sandbox's. */
  readonly url: string;
  readonly secretKey: string;
};

/** Calls Stripe. */
export type StripeCalls = {
  /** @throws Fault `provider_busy`, `provider_locked` or `provider_failed`. */
  readonly ask: <T>(call: (stripe: Stripe) => Promise<T>) => Promise<T>;
  /** The same, but null for what Stripe does not know. */
  readonly find: <T>(call: (stripe: Stripe) => Promise<T>) => Promise<T | null>;
};

const provider = 'Stripe';
const timeoutMs = 20_000;
const plainPort = 80;
const securePort = 443;

/** The client as one for all calls, so that they share connections; the SDK is loaded by the first. */
export function connectStripe(access: StripeAccess): StripeCalls {
  let opened: Promise<Stripe> | undefined;
  const open = () => (opened ??= openClient(access));
  return {
    async ask(call) {
      const stripe = await open();
      try {
        return await call(stripe);
      } catch (error) {
        throw faultOf(error);
      }
    },
    async find(call) {
      const stripe = await open();
      try {
        return await call(stripe);
      } catch (error) {
        if (refusalOf(error)?.code === 'resource_missing') return null;
        throw faultOf(error);
      }
    },
  };
}

/**
 * Its tries again carry the key of the first, so that nothing is done twice. The version is that which
 * the answers are read by.
 */
async function openClient({ url, secretKey }: StripeAccess): Promise<Stripe> {
  const { Stripe: Client } = await import('stripe');
  const { protocol, hostname, port } = new URL(url);
  const isPlain = protocol === 'http:';
  return new Client(secretKey, {
    apiVersion: stripeVersion,
    protocol: isPlain ? 'http' : 'https',
    host: hostname,
    port: port === '' ? (isPlain ? plainPort : securePort) : Number(port),
    maxNetworkRetries: 2,
    timeout: timeoutMs,
    telemetry: false,
  });
}

/** What the SDK throws; without a status nothing readable came back. */
const refusalSchema = z.object({
  type: z.string().startsWith('Stripe'),
  statusCode: z.int().optional(),
  code: z.string().optional(),
  headers: z.record(z.string(), z.unknown()).optional(),
});

const refusalOf = (error: unknown) =>
  error instanceof Error ? refusalSchema.safeParse(error).data : undefined;

/** 409: of two requests with one key at once, the other one is being worked on. */
const isBusy = (status: number): boolean => status === 409 || status === 429 || status >= 500;

/** What a person or the job's schedule can act on; what is neither Stripe's refusal nor its odd answer stays as it is. */
function faultOf(cause: unknown): unknown {
  if (cause instanceof z.ZodError) return new Fault('provider_failed', { provider }, { cause });
  const refusal = refusalOf(cause);
  if (!refusal) return cause;
  const { statusCode: status, headers, type } = refusal;
  if (status === undefined || isBusy(status) || type === 'StripeRateLimitError') {
    const said = z.string().safeParse(headers?.['retry-after']).data;
    const retryAfterSeconds = said === undefined ? pauseSeconds : readRetryAfter(said);
    return new Fault('provider_busy', { provider }, { retryAfterSeconds, cause });
  }
  const code = status === 401 || status === 403 ? 'provider_locked' : 'provider_failed';
  return new Fault(code, { provider }, { cause });
}
