import type { Locale } from './catalogue.ts';
import type { FaultWords } from './en.ts';

/** What was under way for the account that would go. */
type UnderWay = 'video' | 'publication' | 'checkout';

type Waits = { readonly why: string; readonly next: string };

function waitsEn(what: UnderWay): Waits {
  if (what === 'video')
    return {
      why: 'A video is still being made',
      next: 'Wait until the video is done or stop it with video_cancel, then try again.',
    };
  if (what === 'publication')
    return {
      why: 'A publication is still being uploaded',
      next: 'Wait until the upload is done or stop it with publication_cancel, then try again.',
    };
  return {
    why: 'A payment page is still open',
    next: 'Wait until the payment is done or its page has expired, then try again.',
  };
}

function waitsZh(what: UnderWay): Waits {
  if (what === 'video')
    return { why: '有视频正在制作', next: '请等视频完成，或用 video_cancel 停止，然后再试。' };
  if (what === 'publication')
    return {
      why: '有发布正在上传',
      next: '请等上传完成，或用 publication_cancel 停止，然后再试。',
    };
  return { why: '有付款页面尚未结束', next: '请等付款完成或页面过期，然后再试。' };
}

export const accountLinkFaultsEn = {
  merge_same_account: (): FaultWords => ({
    message: 'This link was made by the account that you are signed in with.',
    next: 'Sign in with the other account and open the link again.',
  }),
  merge_both_paid: (): FaultWords => ({
    message: 'Both accounts have a paid plan, so they cannot become one.',
    next: 'End one of the plans with plan_cancel; once its month is over, link the accounts.',
  }),
  merge_under_way: (p: { what: UnderWay; name: string }): FaultWords => ({
    message: `${waitsEn(p.what).why} for the account "${p.name}", which would become part of the other.`,
    next: waitsEn(p.what).next,
  }),
  merge_changed: (): FaultWords => ({
    message: 'What was agreed on has changed: the other account would be the one that stays now.',
    next: 'Make a new link with account_link, and both look at it again.',
  }),
  account_merged: (): FaultWords => ({
    message: 'This account has become part of another one.',
    next: 'Start anew: what it had is in that account now.',
  }),
};

export const accountLinkFaultsZh: typeof accountLinkFaultsEn = {
  merge_same_account: () => ({
    message: '该链接就是由您当前登录的账户生成的。',
    next: '请登录另一个账户后再次打开链接。',
  }),
  merge_both_paid: () => ({
    message: '两个账户都有付费套餐，无法合并。',
    next: '请用 plan_cancel 终止其中一个套餐，待其当月结束后再关联账户。',
  }),
  merge_under_way: (p) => ({
    message: `将被并入的账户“${p.name}”${waitsZh(p.what).why}。`,
    next: waitsZh(p.what).next,
  }),
  merge_changed: () => ({
    message: '情况已改变：现在保留的将是另一个账户。',
    next: '请用 account_link 生成新链接，双方重新确认。',
  }),
  account_merged: () => ({
    message: '该账户已并入另一个账户。',
    next: '请重新开始：原有内容都在那个账户中。',
  }),
};

/** What the operations answer. */
export const accountLinkSaidEn = {
  account_link: (p: { url: string; link: string }) =>
    `Open this within 15 minutes in a browser where you are signed in with your other account: ${p.url} Nothing happens until that account accepts and you confirm here, on the card that comes or with account_merge and the link ${p.link}.`,
  account_merge: (p: { name: string; available: number; isOwn: boolean }) =>
    p.isOwn
      ? `Your accounts are one now: "${p.name}", with ${p.available} quota left.`
      : `Your accounts are one now. This one is part of "${p.name}", which has ${p.available} quota left.`,
};

export const accountLinkSaidZh: typeof accountLinkSaidEn = {
  account_link: (p) =>
    `请在 15 分钟内，用已登录另一个账户的浏览器打开：${p.url} 待对方账户接受、且您在此确认之后才会合并：在收到的卡片上确认，或使用 account_merge 和链接编号 ${p.link}。`,
  account_merge: (p) =>
    p.isOwn
      ? `两个账户已合并为“${p.name}”，剩余配额 ${p.available}。`
      : `两个账户已合并，本账户已并入“${p.name}”，剩余配额 ${p.available}。`,
};

/** What one of the two accounts has. */
type Moves = {
  readonly videos: number;
  readonly publications: number;
  readonly channels: number;
  readonly trends: number;
  readonly watches: number;
};

/** What a person reads before deciding. */
export const accountLinkPreviewEn = {
  account_merge: (p: { name: string }) => `Make one account of this one and "${p.name}", for good`,
  mergeAccount: 'The other account',
  mergeOwn: 'This account',
  mergeProviders: (p: { name: string; providers: string }) => `${p.name} (${p.providers})`,
  mergeStays: 'Stays',
  mergeGoes: 'Becomes part of it',
  mergeMoves: 'Moves along',
  mergeCounts: (p: Moves) =>
    `videos: ${p.videos}, publications: ${p.publications}, channels: ${p.channels}, saved trends: ${p.trends}, watches: ${p.watches}, and all history`,
  mergeUnits: 'Quota that moves',
  mergeExpires: 'Quota that ends',
  mergeOneMonth: (p: { units: number }) => `${p.units}; of two free months only the larger stays`,
  mergeAfter: 'Quota afterwards',
  mergeLeft: (p: { available: number; packs: number }) =>
    p.packs === 0 ? String(p.available) : `${p.available} (${p.packs} of them from packs)`,
};

export const accountLinkPreviewZh: typeof accountLinkPreviewEn = {
  account_merge: (p) => `把本账户与“${p.name}”合并为一个，无法撤销`,
  mergeAccount: '另一个账户',
  mergeOwn: '本账户',
  mergeProviders: (p) => `${p.name}（${p.providers}）`,
  mergeStays: '保留',
  mergeGoes: '并入其中',
  mergeMoves: '一并移入',
  mergeCounts: (p) =>
    `视频 ${p.videos}、发布 ${p.publications}、频道 ${p.channels}、收藏的爆款 ${p.trends}、监测 ${p.watches}，以及全部历史记录`,
  mergeUnits: '移入的配额',
  mergeExpires: '失效的配额',
  mergeOneMonth: (p) => `${p.units}；两个免费月只保留余额较多的一个`,
  mergeAfter: '合并后的配额',
  mergeLeft: (p) =>
    p.packs === 0 ? String(p.available) : `${p.available}（其中加量包 ${p.packs}）`,
};

const providerNames: Readonly<Record<Locale, Readonly<Record<string, string | undefined>>>> = {
  en: { discord: 'Discord', google: 'Google', web: 'the web', local: 'the terminal' },
  zh: { discord: 'Discord', google: 'Google', web: '网页', local: '终端' },
};

/** Where somebody signs in, in words; a provider without a name stands for itself. */
export const sayProviders = (providers: readonly string[], locale: Locale): string =>
  providers.map((one) => providerNames[locale][one] ?? one).join(locale === 'zh' ? '、' : ', ');

/** What quota moved for as two accounts became one, in its history. */
export const mergedWords = {
  en: { account: 'an account that was linked', month: 'the second of two free months' },
  zh: { account: '已关联的账户', month: '两个免费月中的另一个' },
} as const;
