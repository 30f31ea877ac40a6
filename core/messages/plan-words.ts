import type { Locale } from './catalogue.ts';

const en = {
  /** Plans and packs by their id. */
  names: {
    free: 'Free',
    starter: 'Starter',
    pro: 'Pro',
    team: 'Team',
    pack_small: 'small pack',
    pack_large: 'large pack',
  },
  plan: (p: { name: string }) => `the plan ${p.name}`,
  pack: (p: { name: string }) => `the ${p.name}`,
  moneyBack: (p: { what: string }) => `${p.what}, as its money went back`,
  signUp: 'the welcome gift',
  freeMonth: (p: { month: string | null }) =>
    p.month === null ? 'a new month' : `the month ${p.month}`,
  rest: 'what was left of the month before',
  video: (p: { prompt: string }) => `the video "${p.prompt}"`,
  videoGone: 'a video that was deleted',
  server: 'a server',
};

const zh: typeof en = {
  names: {
    free: '免费版',
    starter: '入门版',
    pro: '专业版',
    team: '团队版',
    pack_small: '小加量包',
    pack_large: '大加量包',
  },
  plan: (p) => `${p.name}套餐`,
  pack: (p) => p.name,
  moneyBack: (p) => `${p.what}（款项已退回）`,
  signUp: '新用户赠送',
  freeMonth: (p) => (p.month === null ? '新的一个月' : `${p.month} 月度配额`),
  rest: '上个月未用完的配额',
  video: (p) => `视频“${p.prompt}”`,
  videoGone: '已删除的视频',
  server: '服务器',
};

/** What plans and packs are called, and what movements of quota were for. */
export const planWords: Readonly<Record<Locale, typeof en>> = { en, zh };

const namesOf: Readonly<Record<Locale, Readonly<Record<string, string | undefined>>>> = {
  en: en.names,
  zh: zh.names,
};

/** The name of a plan or a pack; an id that is none of ours stands for itself. */
export const productName = (id: string, locale: Locale): string => namesOf[locale][id] ?? id;
