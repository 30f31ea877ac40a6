import type { Purpose } from '../account/purposes.ts';

const purposesEn: Readonly<Record<Purpose, string>> = {
  creator: 'my own channel',
  marketing: 'marketing',
  other: 'something else',
};

const purposesZh: Readonly<Record<Purpose, string>> = {
  creator: '个人创作',
  marketing: '市场营销',
  other: '其他',
};

/** What somebody uses Jilo for, by language. */
export const purposeWords = { en: purposesEn, zh: purposesZh };

/** What the operations about the account answer. */
export const accountSaidEn = {
  account_show: (p: {
    name: string;
    available: number;
    leash: number;
    leashUsed: number;
    dailyCap: number | null;
    spentToday: number;
  }) =>
    [
      `${p.name}: ${p.available} quota left.`,
      ...(p.leash === 0
        ? []
        : [
            `Models may spend ${p.leash} a day without asking; ${p.leashUsed} of it is used today.`,
          ]),
      ...(p.dailyCap === null
        ? []
        : [`At most ${p.dailyCap} a day may be spent; ${p.spentToday} is spent today.`]),
    ].join(' '),
  account_update: (p: {
    timeZone: string;
    notices: boolean;
    /** In words of the language. */
    purpose: string | null;
    leash: number;
    dailyCap: number | null;
  }) =>
    [
      `Saved: English, ${p.timeZone}, messages ${p.notices ? 'on' : 'off'}`,
      ...(p.purpose === null ? [] : [`used for ${p.purpose}`]),
      ...(p.leash === 0 ? [] : [`models may spend ${p.leash} a day without asking`]),
      ...(p.dailyCap === null ? [] : [`at most ${p.dailyCap} a day may be spent`]),
    ].join(', ') + '.',
};

export const accountSaidZh: typeof accountSaidEn = {
  account_show: (p) =>
    [
      `${p.name}：剩余配额 ${p.available}。`,
      p.leash === 0 ? '' : `模型每天可不经询问使用 ${p.leash}，今天已用 ${p.leashUsed}。`,
      p.dailyCap === null ? '' : `每天最多使用 ${p.dailyCap}，今天已用 ${p.spentToday}。`,
    ].join(''),
  account_update: (p) =>
    [
      `已保存：中文，${p.timeZone}，消息通知${p.notices ? '开启' : '关闭'}`,
      p.purpose === null ? '' : `，用途：${p.purpose}`,
      p.leash === 0 ? '' : `，模型每天可不经询问使用 ${p.leash}`,
      p.dailyCap === null ? '' : `，每天最多使用 ${p.dailyCap}`,
      '。',
    ].join(''),
};
