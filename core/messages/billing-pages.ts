import type { Locale } from './catalogue.ts';

const en = {
  titles: {
    paid: 'Your payment has arrived',
    confirming: 'Your payment is being confirmed',
    open: 'Nothing has been paid yet',
    over: 'This checkout is over',
  },
  bodies: {
    confirming:
      'This page looks again by itself. Some banks take a day or more: you are told as soon as the units are there, and you need not pay again.',
    open: 'Open the link from your chat again to pay. Nothing was charged.',
    over: 'Nothing was charged by it. Ask for a new link in your chat.',
  },
  bought: 'Bought',
  units: 'Units added',
  waiting: 'You wanted this before, and now there is enough for it:',
  close: 'You can close this page.',
  cancelled: {
    title: 'Nothing was paid',
    body: 'You have left the checkout. Its link in your chat still works if you change your mind.',
  },
  back: { title: 'All done here', body: 'You can close this page and go back to your chat.' },
};

const zh: typeof en = {
  titles: {
    paid: '付款已到账',
    confirming: '正在确认付款',
    open: '尚未付款',
    over: '此付款链接已失效',
  },
  bodies: {
    confirming: '本页会自动刷新。部分银行需要一天或更久；配额到账后会立即通知您，无需再次付款。',
    open: '请从聊天中再次打开链接完成付款。尚未产生任何扣费。',
    over: '此链接没有产生扣费。请在聊天中重新获取。',
  },
  bought: '已购买',
  units: '新增配额',
  waiting: '您之前想做的内容，现在配额已足够：',
  close: '您可以关闭此页面。',
  cancelled: {
    title: '没有付款',
    body: '您已离开付款页面。如果改变主意，聊天中的链接仍然有效。',
  },
  back: { title: '操作完成', body: '您可以关闭此页面，回到聊天。' },
};

/** Words of the pages that people come back to from paying. */
export const billingPageWords: Record<Locale, typeof en> = { en, zh };
