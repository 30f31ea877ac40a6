import type { FaultWords } from './en.ts';

/** What the operations about plans answer. */
export const plansSaidEn = {
  plan_list: (p: { plan: string; count: number }) =>
    `Your plan is ${p.plan}. There are ${p.count} plans and packs.`,
  plan_upgrade: (p: { link: string; kind: 'checkout' | 'portal' }) =>
    p.kind === 'checkout' ? `Pay here: ${p.link}` : `You have a plan. Change it here: ${p.link}`,
  plan_manage: (p: { link: string }) => `Change the plan or the card here: ${p.link}`,
  plan_cancel: (p: { plan: string; day: string }) =>
    `The plan ${p.plan} ends on ${p.day}. Until then everything stays as it is.`,
};

export const plansSaidZh: typeof plansSaidEn = {
  plan_list: (p) => `当前套餐：${p.plan}。共有 ${p.count} 种套餐和加量包。`,
  plan_upgrade: (p) =>
    p.kind === 'checkout' ? `请在此付款：${p.link}` : `您已有套餐，请在此更改：${p.link}`,
  plan_manage: (p) => `在此更改套餐或银行卡：${p.link}`,
  plan_cancel: (p) => `套餐 ${p.plan} 将于 ${p.day} 结束，在此之前一切照常。`,
};

export const planFaultsEn = {
  already_paid: (): FaultWords => ({
    message: 'You have just paid for this, so no second payment was opened.',
    next: 'Look at quota_show in a moment; then choose again if you want more.',
  }),
  plan_missing: (): FaultWords => ({
    message: 'You have no paid plan that could be changed or ended.',
    next: 'See plan_list for what there is.',
  }),
};

export const planFaultsZh: typeof planFaultsEn = {
  already_paid: () => ({
    message: '您刚刚已经付款，因此没有再次发起支付。',
    next: '请稍后用 quota_show 查看；如需更多再重新选择。',
  }),
  plan_missing: () => ({
    message: '您没有可以更改或终止的付费套餐。',
    next: '用 plan_list 查看可选套餐。',
  }),
};

/** What a person reads before ending a plan. */
export const planPreviewEn = {
  plan_cancel: (p: { plan: string }) => `End the plan ${p.plan}`,
  planAfter: () => 'the free plan; packs stay yours',
};

export const planPreviewZh: typeof planPreviewEn = {
  plan_cancel: (p) => `终止套餐 ${p.plan}`,
  planAfter: () => '转为免费套餐，加量包保留',
};

type Interval = 'day' | 'week' | 'month' | 'year';

export const planIntervalEn = (p: { money: string; interval: Interval }): string =>
  `${p.money} a ${p.interval}`;

const intervalsZh: ReadonlyMap<string, string> = new Map([
  ['day', '天'],
  ['week', '周'],
  ['month', '月'],
  ['year', '年'],
]);
export const planIntervalZh: typeof planIntervalEn = (p) =>
  `每${intervalsZh.get(p.interval) ?? p.interval} ${p.money}`;
