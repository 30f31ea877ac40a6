import type { Locale } from '../catalogue.ts';

/** Words of the cards about a server's wallet and of its ledger channel. */
const en = {
  pays: 'Videos are paid by',
  payers: { person: 'each person', server: "the server's wallet" },
  pickPays: 'Who pays for videos',
  wallet: 'Wallet',
  balance: (p: { available: number; held: number; spentToday: number }) =>
    [
      `**${p.available}** available`,
      `${p.held} set aside`,
      `${p.spentToday} spent today (UTC)`,
    ].join(' · '),
  limits: 'A day by role',
  noLimits: 'no role may use the wallet',
  everyone: 'everybody',
  ledger: 'Ledger channel',
  noLedger: 'off',
  pickLedger: 'Channel that tells each movement of the wallet (none: off)',
  how: 'Limits: `/server update` with role_limits. Units of packs: `/server fund`.',
  movements: 'Newest movements',
  fundedHeading: 'The server has received it',
  funded: (p: { given: number; available: number }) =>
    `**${p.given}** given. The server's wallet has **${p.available}**.`,
  packsLeft: (p: { packs: number }) => `You have ${p.packs} units of packs left.`,
  settings: 'Settings of the server',
  /** In front of a line of the ledger. */
  verbs: {
    grant: 'received',
    receive: 'given to the server',
    give: 'given away',
    hold: 'set aside for a video',
    capture: 'spent on a video',
    release: 'given back: a video was not made',
    refund: 'refunded for a video',
    expire: 'expired',
    take_back: 'taken back',
  },
  left: (p: { left: number }) => `${p.left} left`,
  ledgerHeading: "The server's wallet",
  quotaLeft: (p: { left: number }) => `${p.left} quota left in this server's wallet`,
  serverPays: (p: { left: number }) => `This server pays; its wallet has **${p.left}** after it`,
  switchedOff: (p: { channel: string }) =>
    `I cannot write in ${p.channel} any more, so I have switched the ledger channel of your server off. Choose another one with \`/server update\` there; what has moved until then is told in it.`,
};

type ServerWalletWords = typeof en;

const zh: ServerWalletWords = {
  pays: '视频付费',
  payers: { person: '各人自付', server: '服务器钱包' },
  pickPays: '视频由谁付费',
  wallet: '钱包',
  balance: (p) =>
    [`可用 **${p.available}**`, `预留 ${p.held}`, `今天已用 ${p.spentToday}（UTC）`].join(' · '),
  limits: '身份组每日限额',
  noLimits: '没有身份组可使用钱包',
  everyone: '所有人',
  ledger: '账本频道',
  noLedger: '关闭',
  pickLedger: '公布钱包每笔变动的频道（不选则关闭）',
  how: '限额：用 `/server update` 的 role_limits 设置。转入加量包配额：`/server fund`。',
  movements: '最近变动',
  fundedHeading: '已转入服务器',
  funded: (p) => `已转入 **${p.given}**，服务器钱包现有 **${p.available}**。`,
  packsLeft: (p) => `您的加量包剩余 ${p.packs}。`,
  settings: '服务器设置',
  verbs: {
    grant: '获得',
    receive: '转入服务器',
    give: '转出',
    hold: '为视频预留',
    capture: '用于视频',
    release: '已退回：视频未制作',
    refund: '视频退款',
    expire: '已过期',
    take_back: '已收回',
  },
  left: (p) => `剩余 ${p.left}`,
  ledgerHeading: '服务器钱包',
  quotaLeft: (p) => `服务器钱包剩余配额 ${p.left}`,
  serverPays: (p) => `由本服务器付费，之后钱包剩余 **${p.left}**`,
  switchedOff: (p) =>
    `我已无法在${p.channel}发消息，因此关闭了您服务器的账本频道。请在服务器中用 \`/server update\` 另选频道，其间的变动会在那里补发。`,
};

export const serverWalletWords: Readonly<Record<Locale, ServerWalletWords>> = { en, zh };
