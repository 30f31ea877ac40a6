import { z } from 'zod';

import { address, secret } from './config-fields.ts';

const priceId = (of: string) =>
  z
    .string()
    .regex(/^price_\w+$/, 'must be the id of a price, such as price_1Abc')
    .optional()
    .describe(`Id of the Stripe price of ${of}.`);

/** What taking payments needs. */
export const billingSettings = {
  STRIPE_SECRET_KEY: secret.describe('Secret key of Stripe, which takes the payments for plans.'),
  STRIPE_WEBHOOK_SECRET: secret.describe(
    'Signs what Stripe tells us at /webhooks/stripe; several, separated by commas, while it is changed.',
  ),
  STRIPE_API_URL: address('https://api.stripe.com').describe('API of Stripe, without /v1.'),
  STRIPE_PRICE_STARTER: priceId('the plan "starter", paid each month'),
  STRIPE_PRICE_PRO: priceId('the plan "pro", paid each month'),
  STRIPE_PRICE_TEAM: priceId('the plan "team", paid each month'),
  STRIPE_PRICE_PACK_SMALL: priceId('the small pack, paid once'),
  STRIPE_PRICE_PACK_LARGE: priceId('the large pack, paid once'),
};

const rate = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback);

/** What one account, chat server or network address may ask for. */
export const limitSettings = {
  FREE_MIN_ACCOUNT_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(365)
    .default(7)
    .describe('So old a Discord account has to be before it gets the free units of a month.'),
  RATE_ACCOUNT_PER_MINUTE: rate(120).describe('Requests of one account in a minute.'),
  RATE_SERVER_PER_MINUTE: rate(600).describe('Requests from one chat server in a minute.'),
  RATE_ADDRESS_PER_MINUTE: rate(240).describe(
    'Requests from one network address in a minute to the pages and to MCP over HTTP.',
  ),
  TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('How many proxies stand before the web app; they say whose address it is.'),
};
