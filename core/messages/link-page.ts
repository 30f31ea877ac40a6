import type { Locale } from './catalogue.ts';

/** Words of the page on which somebody makes one account of two. */
const en = {
  question: (p: { name: string }) => `Make one account of this and "${p.name}"?`,
  onlyIfYours:
    'Go on only if both accounts are yours: whoever uses one of them then has everything of both. Afterwards the other account is asked as well, where the link was made, and nothing happens before it has confirmed.',
  accept: 'Yes, both are mine',
  decline: 'No',
  asked: {
    title: 'Now confirm on the other side',
    body: (p: { name: string }) =>
      `The account "${p.name}" has been asked. Go back to where you made the link and confirm there within 15 minutes.`,
  },
  declined: {
    title: 'Declined',
    body: (p: { name: string }) => `Nothing was changed. The link of "${p.name}" is void.`,
  },
};

const zh: typeof en = {
  question: (p) => `将当前账户与“${p.name}”合并为一个账户？`,
  onlyIfYours:
    '请确认两个账户都属于您：合并后，使用其中任一账户的人都能使用两者的全部内容。之后还会在生成链接的一方询问，对方确认之前不会有任何更改。',
  accept: '是的，两个都是我的',
  decline: '不是',
  asked: {
    title: '请在另一方确认',
    body: (p) => `已询问账户“${p.name}”。请回到生成链接的地方，在 15 分钟内确认。`,
  },
  declined: {
    title: '已拒绝',
    body: (p) => `没有任何更改。“${p.name}”的链接已作废。`,
  },
};

export const linkPageWords: Readonly<Record<Locale, typeof en>> = { en, zh };
