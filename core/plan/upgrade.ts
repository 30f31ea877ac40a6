import { z } from 'zod';

import { openCheckout } from '../billing/checkout.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { packIds, planIds, productOf } from './catalogue.ts';

export const planUpgrade = defineOperation({
  name: 'plan_upgrade',
  summary: { en: 'Get the link to pay for a plan or a pack.', zh: '获取套餐或加量包的付款链接。' },
  guidance: 'Only the person can pay there.',
  effect: 'write',
  audience: 'everyone',
  needs: ['payments'],
  input: z.object({
    product: z
      .enum([...planIds, ...packIds])
      .describe('A plan, paid each month, or a pack, paid once'),
  }),
  output: z.object({
    link: z.url(),
    kind: z.enum(['checkout', 'portal']),
    product: z.enum([...planIds, ...packIds]),
  }),
  async run({ product }, context) {
    const wanted = productOf(product);
    if (!wanted) throw new Error(`${product} is no product`);
    return { ...(await openCheckout(context, wanted)), product };
  },
  say: ({ link, kind }, locale) => catalogue(locale).say.plan_upgrade({ link, kind }),
});
