import { z } from 'zod';

import { findCustomer } from '../billing/customer.ts';
import { requirePort, requirePublicUrl } from '../context.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';

export const planManage = defineOperation({
  name: 'plan_manage',
  summary: {
    en: 'Get the link to change the plan or the card, or to see invoices.',
    zh: '获取链接：更改套餐、银行卡，或查看账单。',
  },
  effect: 'write',
  audience: 'people',
  needs: ['payments'],
  input: z.object({}),
  output: z.object({ link: z.url() }),
  async run(_, context) {
    const customerId = await findCustomer(context.database.db, context.actor.accountId);
    if (!customerId) throw new Fault('plan_missing', {});
    const returnUrl = `${requirePublicUrl(context)}/billing/back`;
    const payments = requirePort(context.ports, 'payments');
    return { link: await payments.openPortal({ customerId, returnUrl, locale: context.locale }) };
  },
  say: ({ link }, locale) => catalogue(locale).say.plan_manage({ link }),
});
