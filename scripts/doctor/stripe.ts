import { z } from 'zod';

import { products, type Product } from '../../core/plan/catalogue.ts';
import { stripeVersion } from '../../core/stripe-messages.ts';
import { FarEndFault, type Answer } from './call.ts';
import { combine, ok, type Finding, type Tools } from './check.ts';
import { lookAtWebhook } from './stripe-webhook.ts';
import { at, serviceCheck } from './service.ts';

const priceSchema = z.object({
  active: z.boolean(),
  type: z.enum(['recurring', 'one_time']),
  recurring: z.object({ interval: z.string(), interval_count: z.int().default(1) }).nullish(),
});

type Problem = 'gone' | 'archived' | 'monthly' | 'once';

/** Whether Stripe lets the key in, has the prices that the settings name, and would tell us of payments. */
export const stripeCheck = serviceCheck('stripe', async (tools, signal) => {
  const { caller, config, locale, words } = tools;
  const headers = {
    authorization: `Bearer ${config.STRIPE_SECRET_KEY ?? ''}`,
    'stripe-version': stripeVersion,
  };
  const ask = (path: string, accept: readonly number[]): Promise<Answer> =>
    caller.ask({ url: at(config.STRIPE_API_URL, path), headers, signal, accept });
  // First the key by itself: what is said of prices is worth nothing without it.
  await ask('/v1/prices?limit=1', [200]);
  const isSet = (product: Product) => config[product.setting] !== undefined;
  const set = products.filter(isSet);
  const [endpoints, ...problems] = await Promise.all([
    ask('/v1/webhook_endpoints?limit=100', [200, 403]),
    ...set.map(async (product) => {
      const path = `/v1/prices/${encodeURIComponent(config[product.setting] ?? '')}`;
      return { product, problem: problemOf(product, await ask(path, [200, 404])) };
    }),
  ]);
  const found = [
    ...pricesNotSet(
      tools,
      products.filter((product) => !isSet(product)),
    ),
    ...pricesThatDoNotFit(tools, problems),
    ...lookAtWebhook(tools, endpoints),
    ...testInProduction(tools),
  ];
  const mode = words.stripeModes[isTestKey(tools) ? 'test' : 'live'];
  const [first, ...others] = found;
  if (!first) return ok(words.stripeFine({ prices: set.length, mode }));
  return combine([first, ...others], locale);
});

const isTestKey = ({ config }: Tools): boolean =>
  /^[sr]k_test_/.test(config.STRIPE_SECRET_KEY ?? '');

function problemOf({ kind }: Product, { status, body, host }: Answer): Problem | null {
  if (status === 404) return 'gone';
  const { data: price } = priceSchema.safeParse(body);
  if (!price) throw new FarEndFault('strange', host, { status });
  if (!price.active) return 'archived';
  if (kind === 'pack') return price.type === 'one_time' ? null : 'once';
  const { recurring } = price;
  const isMonthly = recurring?.interval === 'month' && recurring.interval_count === 1;
  return isMonthly ? null : 'monthly';
}

function pricesNotSet({ words }: Tools, missing: readonly Product[]): Finding[] {
  if (missing.length === 0) return [];
  return [
    {
      state: 'warning',
      what: words.stripeNoPrice({ settings: missing.map(({ setting }) => setting) }),
      switchesOff: words.stripePricesOff({ products: missing.map(({ id }) => id) }),
      howToGetIt: words.stripePricesGet(),
    },
  ];
}

function pricesThatDoNotFit(
  { words }: Tools,
  problems: readonly { readonly product: Product; readonly problem: Problem | null }[],
): Finding[] {
  const say = {
    gone: words.stripePriceGone,
    archived: words.stripePriceArchived,
    monthly: words.stripePriceMonthly,
    once: words.stripePriceOnce,
  };
  return problems.flatMap(({ product: { setting, id }, problem }) =>
    problem === null
      ? []
      : [
          {
            state: 'failed' as const,
            what: say[problem]({ setting }),
            switchesOff: words.stripePricesOff({ products: [id] }),
            howToGetIt: words.stripePricesGet(),
          },
        ],
  );
}

function testInProduction(tools: Tools): Finding[] {
  const { config, words } = tools;
  if (config.NODE_ENV !== 'production' || !isTestKey(tools)) return [];
  return [
    {
      state: 'warning',
      what: words.stripeTest(),
      switchesOff: null,
      howToGetIt: words.stripeTestGet(),
    },
  ];
}
