import type { Locale } from '../catalogue.ts';

const en = {
  received: (p: { money: string; what: string }) =>
    `Your payment of ${p.money} for **${p.what}** has come.`,
  units: (p: { units: number }) => `${p.units} quota are yours now.`,
  until: (p: { when: string }) => `They last until ${p.when}.`,
  forGood: 'They do not end.',
  failed: 'Your payment did not go through.',
  why: {
    no_funds: 'There was not enough money for it. Nothing was charged; pay with another card.',
    declined:
      'The bank did not accept it. Nothing was charged; ask your bank, or pay with another card.',
    network: 'The connection to the bank broke off. Nothing was charged; press once more.',
    needs_confirmation: 'Your bank wants you to confirm it. Nothing was charged so far.',
  },
  step: {
    no_funds: 'Pay with another card',
    declined: 'Pay with another card',
    network: 'Pay again',
    needs_confirmation: 'Confirm the payment',
  },
  returned: (p: { what: string }) => `The money for **${p.what}** went back, or is disputed.`,
  takenBack: (p: { units: number }) => `${p.units} quota of it were taken back.`,
  nothingLeft: 'Its quota was used already; nothing was taken back.',
  givenAgain: (p: { what: string }) => `Your payment for **${p.what}** counts again.`,
  yoursAgain: 'What it has brought is yours again.',
  ended: (p: { name: string }) => `Your plan **${p.name}** has ended.`,
  endedNote: 'You have the free plan now. Packs stay yours.',
  plan: 'your plan',
  quota: 'My quota',
  plans: 'Plans and packs',
  manage: 'Card and invoices',
};

const zh: typeof en = {
  received: (p) => `已收到您为**${p.what}**支付的 ${p.money}。`,
  units: (p) => `${p.units} 配额已到账。`,
  until: (p) => `有效至 ${p.when}。`,
  forGood: '长期有效。',
  failed: '付款没有成功。',
  why: {
    no_funds: '余额不足，没有扣款。请换一张银行卡付款。',
    declined: '银行没有接受，没有扣款。请联系银行，或换一张银行卡付款。',
    network: '与银行的连接中断，没有扣款。请再试一次。',
    needs_confirmation: '银行需要您确认这笔付款，目前没有扣款。',
  },
  step: {
    no_funds: '换卡付款',
    declined: '换卡付款',
    network: '再次付款',
    needs_confirmation: '确认付款',
  },
  returned: (p) => `**${p.what}**的款项已退回，或有争议。`,
  takenBack: (p) => `已收回其中 ${p.units} 配额。`,
  nothingLeft: '其配额已用完，没有收回。',
  givenAgain: (p) => `**${p.what}**的付款重新生效。`,
  yoursAgain: '相应的配额重新归您所有。',
  ended: (p) => `您的套餐**${p.name}**已结束。`,
  endedNote: '现在是免费套餐，加量包仍归您所有。',
  plan: '您的套餐',
  quota: '我的配额',
  plans: '套餐和加量包',
  manage: '银行卡和账单',
};

/** What notices about payments say, by language. */
export const paymentWords: Readonly<Record<Locale, typeof en>> = { en, zh };
