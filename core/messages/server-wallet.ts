import type { FaultWords } from './en.ts';

/** Failures around a server's wallet and what is short of quota. */
export const serverWalletFaultsEn = {
  quota_short: (p: { needed: number; available: number; renewsAt: string | null }): FaultWords => ({
    message: [
      `Not enough quota: this needs ${p.needed} and ${p.available} is left`,
      p.renewsAt === null ? '' : `; it renews on ${p.renewsAt.slice(0, 10)}`,
      '.',
    ].join(''),
    next:
      p.renewsAt === null
        ? 'Upgrade with plan_upgrade, or buy a pack there.'
        : 'Upgrade with plan_upgrade, buy a pack there, or wait until then.',
  }),
  packs_short: (p: { needed: number; available: number }): FaultWords => ({
    message: `Only units of packs can be given: that would be ${p.needed}, and you have ${p.available} of them.`,
    next: 'Give fewer, or buy a pack first: plan_list shows them.',
  }),
  payer_changed: (): FaultWords => ({
    message:
      'This server no longer pays for it: its wallet or your limit for today does not reach, or the settings have changed.',
    next: 'Ask for it again; the question says who pays then.',
  }),
};

export const serverWalletFaultsZh: typeof serverWalletFaultsEn = {
  quota_short: (p) => ({
    message: [
      `配额不足：需要 ${p.needed}，剩余 ${p.available}`,
      p.renewsAt === null ? '' : `，${p.renewsAt.slice(0, 10)} 刷新`,
      '。',
    ].join(''),
    next:
      p.renewsAt === null
        ? '请用 plan_upgrade 升级套餐，或购买加量包。'
        : '请用 plan_upgrade 升级套餐、购买加量包，或等到刷新。',
  }),
  packs_short: (p) => ({
    message: `只能转入加量包的配额：需要 ${p.needed}，您的加量包剩余 ${p.available}。`,
    next: '请减少数量，或先购买加量包：用 plan_list 查看。',
  }),
  payer_changed: () => ({
    message: '本服务器不再为此付费：服务器钱包或您今天的限额不足，或设置已更改。',
    next: '请重新发起；确认时会说明由谁付费。',
  }),
};

/** What can be wrong with the limits of roles. */
export const serverWalletProblemsEn = {
  no_limit: (p: { text: string; most: number }) =>
    `"${p.text}" is no limit; write role=units with at most ${p.most} units, such as 123456789012345678=5, everyone=1`,
};

export const serverWalletProblemsZh: typeof serverWalletProblemsEn = {
  no_limit: (p) =>
    `“${p.text}”不是限额；请写成 身份组=配额（最多 ${p.most}），例如 123456789012345678=5, everyone=1`,
};

/** What the operations answer, in one sentence. */
export const serverWalletSaidEn = {
  server_pays: (p: { pays: string; available: number }) =>
    `videos are paid by: ${p.pays}; the server's wallet has ${p.available}`,
  server_fund: (p: { given: number; available: number; packs: number }) =>
    `Gave ${p.given} to this server. Its wallet has ${p.available}; you have ${p.packs} of your packs left.`,
};

export const serverWalletSaidZh: typeof serverWalletSaidEn = {
  server_pays: (p) => `视频付费：${p.pays}；服务器钱包剩余 ${p.available}`,
  server_fund: (p) =>
    `已向本服务器转入 ${p.given}，服务器钱包现有 ${p.available}，您的加量包剩余 ${p.packs}。`,
};

/** What a person reads before deciding. */
export const serverWalletPreviewEn = {
  server_fund: (p: { units: number }) => `Give ${p.units} quota to this server`,
  paidBy: 'Paid by',
  /** `leftToday`: what the member may still use of the server's wallet; null: they pay themselves. */
  payer: (p: { available: number; leftToday: number | null }) =>
    p.leftToday === null
      ? `you; you have ${p.available}`
      : `this server; its wallet has ${p.available}, and you may use ${p.leftToday} of it today`,
  notPaid: {
    no_limit: 'the server pays for other roles only',
    limit_reached: 'your limit in this server is used up for today',
    server_short: "the server's wallet has too little",
  },
  serverWallet: "The server's wallet now",
  packsAfter: 'Your packs afterwards',
};

export const serverWalletPreviewZh: typeof serverWalletPreviewEn = {
  server_fund: (p) => `向本服务器转入 ${p.units} 配额`,
  paidBy: '付费方',
  payer: (p) =>
    p.leftToday === null
      ? `您本人，剩余 ${p.available}`
      : `本服务器，钱包剩余 ${p.available}，您今天还可使用 ${p.leftToday}`,
  notPaid: {
    no_limit: '服务器只为其他身份组付费',
    limit_reached: '您今天在本服务器的限额已用完',
    server_short: '服务器钱包余额不足',
  },
  serverWallet: '服务器钱包现有',
  packsAfter: '您的加量包剩余',
};
