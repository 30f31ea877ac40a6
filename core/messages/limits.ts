import type { FaultWords } from './en.ts';

/** Said when somebody has reached a limit on how much, or how often. */
export const limitFaultsEn = {
  rate_limited: (p: { seconds: number }): FaultWords => ({
    message: 'Too many requests came in a short time.',
    next: `Send it again in ${p.seconds} s.`,
  }),
  daily_cap: (p: { cap: number; used: number; needed: number }): FaultWords => ({
    message: `This needs ${p.needed}, and ${p.used} of the ${p.cap} that you allow yourself a day are spent.`,
    next: 'Wait until tomorrow, or raise your daily limit in the settings of your account (account_update).',
  }),
};

export const limitFaultsZh: typeof limitFaultsEn = {
  rate_limited: (p) => ({
    message: '短时间内请求过多。',
    next: `请在 ${p.seconds} 秒后重新发送。`,
  }),
  daily_cap: (p) => ({
    message: `这需要 ${p.needed} 配额；您为自己设定的每日上限是 ${p.cap}，今天已用 ${p.used}。`,
    next: '请等到明天，或在账户设置（account_update）中调高每日上限。',
  }),
};

/** What can be wrong with a limit that somebody sets. */
export const limitProblemsEn = {
  no_daily_cap: (p: { most: number }) => `give a whole number from 0 to ${p.most}, or "off"`,
};

export const limitProblemsZh: typeof limitProblemsEn = {
  no_daily_cap: (p) => `请填写 0 到 ${p.most} 的整数，或“off”`,
};
