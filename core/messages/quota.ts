import type { Locale } from './catalogue.ts';

/** What is said about the quota of a person. */
type Quota = {
  readonly available: number;
  readonly held: number;
  /** The part of what is available that does not end. */
  readonly packs: number;
  readonly used: number;
  /** The name of the plan. */
  readonly plan: string;
  /** A day such as 2026-12-22; null: units come no more by themselves. */
  readonly renews: string | null;
  /** When the plan ends by itself; null while it goes on. */
  readonly ends: string | null;
  readonly canUpgrade: boolean;
};

/** What was put together for a person to keep. */
type Receipt = { readonly link: string; readonly entries: number; readonly month: string | null };

const en = {
  said: (p: Quota): string =>
    [
      `${p.available} available${p.packs > 0 ? ` (${p.packs} of them from packs)` : ''}, ${p.held} set aside for videos in the making, ${p.used} used this month.`,
      `Plan: ${p.plan}.`,
      ...(p.ends === null ? [] : [`It ends on ${p.ends}.`]),
      ...(p.renews === null ? [] : [`Quota renews on ${p.renews}.`]),
      ...(p.canUpgrade ? ['More: plan_list has plans and packs.'] : []),
    ].join(' '),
  receipt: (p: Receipt): string =>
    `Your receipt ${p.month === null ? 'of everything' : `of ${p.month}`} with ${p.entries} entries, for an hour: ${p.link}`,
  chart: {
    title: (p: { months: number }) => `Quota in the last ${p.months} months`,
    used: 'Used',
    granted: 'Received',
  },
  /** Of the file that a person keeps. */
  sides: {
    granted: 'received in all',
    available: 'left to spend',
    held: 'set aside',
    spent: 'spent',
    expired: 'expired',
    returned: 'taken back as money went back',
    given: 'given away',
  },
  paid: 'paid in all',
  before: (p: { what: string }) => `${p.what}, before`,
};

const zh: typeof en = {
  said: (p) =>
    [
      `可用 ${p.available}${p.packs > 0 ? `（其中加量包 ${p.packs}）` : ''}，为制作中的视频预留 ${p.held}，本月已用 ${p.used}。`,
      `当前套餐：${p.plan}。`,
      ...(p.ends === null ? [] : [`套餐将于 ${p.ends} 结束。`]),
      ...(p.renews === null ? [] : [`配额将于 ${p.renews} 刷新。`]),
      ...(p.canUpgrade ? ['如需更多，可用 plan_list 查看套餐和加量包。'] : []),
    ].join(''),
  receipt: (p) =>
    `您的明细单（${p.month ?? '全部'}），共 ${p.entries} 条，链接一小时内有效：${p.link}`,
  chart: {
    title: (p) => `近 ${p.months} 个月的配额`,
    used: '已用',
    granted: '获得',
  },
  sides: {
    granted: '累计获得',
    available: '剩余可用',
    held: '已预留',
    spent: '已使用',
    expired: '已过期',
    returned: '退款后收回',
    given: '已转出',
  },
  paid: '累计支付',
  before: (p) => `期初${p.what}`,
};

/** What is said about quota, by language. */
export const quotaWords: Readonly<Record<Locale, typeof en>> = { en, zh };
