import { z } from 'zod';

import { requirePort, type Context } from '../context.ts';
import { catalogue } from '../messages/catalogue.ts';
import { formatMoney } from '../messages/money.ts';
import { defineOperation } from '../operation.ts';
import type { Price } from '../ports/payments.ts';
import { freePlan, packIds, planIds, products, type Product } from './catalogue.ts';
import { readPlan } from './current.ts';

const productSchema = z.object({
  product: z.enum([freePlan.id, ...planIds, ...packIds]),
  kind: z.enum(['plan', 'pack']),
  units: z.int().describe('A month for a plan; a pack does not end'),
  price: z.string(),
  is_current: z.boolean(),
});

export const planList = defineOperation({
  name: 'plan_list',
  summary: { en: 'List plans and packs with their prices.', zh: '列出套餐、加量包及价格。' },
  guidance: 'Next: plan_upgrade.',
  effect: 'read',
  audience: 'chat',
  needs: ['payments'],
  input: z.object({}),
  output: z.object({
    plan: z.enum([freePlan.id, ...planIds]),
    renews_at: z.iso.datetime().nullable(),
    ends_at: z.iso.datetime().nullable(),
    products: z.array(productSchema),
  }),
  async run(_, context) {
    const { plan, renewsAt, endsAt } = await readPlan(context.database.db, context.actor.accountId);
    const priced = await Promise.all(products.map((product) => priceOf(context, product)));
    const { words } = catalogue(context.locale);
    const free = {
      product: freePlan.id,
      kind: 'plan' as const,
      units: freePlan.units,
      price: words.free,
      is_current: plan === freePlan.id,
    };
    const offers = priced.flatMap((offer) => (offer === null ? [] : [offer]));
    return {
      plan,
      renews_at: renewsAt?.toISOString() ?? null,
      ends_at: endsAt?.toISOString() ?? null,
      products: [
        free,
        ...offers.map((offer) => ({ ...offer, is_current: offer.product === plan })),
      ],
    };
  },
  say: ({ products: offers, plan }, locale) =>
    catalogue(locale).say.plan_list({ plan, count: offers.length }),
});

/** What has no price here, or one that is not sold any more, is not offered. */
async function priceOf(context: Context, { id, kind, units, setting }: Product) {
  const priceId = context.config[setting];
  const price = priceId ? await requirePort(context.ports, 'payments').readPrice(priceId) : null;
  if (!price?.isActive) return null;
  return { product: id, kind, units, price: sayPrice(price, context) };
}

function sayPrice({ amount, currency, interval }: Price, { locale }: Context): string {
  const money = formatMoney(amount, currency, locale);
  return interval === null ? money : catalogue(locale).planInterval({ money, interval });
}
