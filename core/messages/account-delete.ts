import type { FaultWords } from './en.ts';

/** Why an account cannot be deleted yet, and what somebody reads who comes after that. */
export const accountDeleteFaultsEn = {
  account_deleted: (): FaultWords => ({
    message: 'This account was deleted.',
    next: 'Start again: your next contact opens a new account.',
  }),
  deletion_plan: (): FaultWords => ({
    message: 'Your plan renews by itself, so the account cannot be deleted yet.',
    next: 'End the plan with plan_cancel (or through plan_manage) first, then delete the account.',
  }),
  deletion_checkout: (): FaultWords => ({
    message: 'A page on which you can pay is still open, so the account cannot be deleted yet.',
    next: 'Pay on it, or wait until it has expired (a day at most), then delete the account.',
  }),
  deletion_running: (p: { videos: number; publications: number }): FaultWords => ({
    message: `Work is still going on: ${p.videos} videos and ${p.publications} publications.`,
    next: 'Wait until it is done, or stop it with video_cancel and publication_cancel, then delete the account.',
  }),
  deletion_held: (p: { units: number }): FaultWords => ({
    message: `Something that has not ended has ${p.units} quota set aside.`,
    next: 'Wait until it has ended, then delete the account.',
  }),
};

export const accountDeleteFaultsZh: typeof accountDeleteFaultsEn = {
  account_deleted: () => ({
    message: '该账户已删除。',
    next: '请重新开始：下次使用时会新建账户。',
  }),
  deletion_plan: () => ({
    message: '您的套餐会自动续费，因此暂时不能删除账户。',
    next: '请先用 plan_cancel（或通过 plan_manage）终止套餐，再删除账户。',
  }),
  deletion_checkout: () => ({
    message: '您的付款页面仍然有效，因此暂时不能删除账户。',
    next: '请完成付款，或等待页面过期（最多一天），再删除账户。',
  }),
  deletion_running: (p) => ({
    message: `还有工作正在进行：${p.videos} 个视频正在制作，${p.publications} 个发布正在进行。`,
    next: '请等待完成，或用 video_cancel 和 publication_cancel 停止，再删除账户。',
  }),
  deletion_held: (p) => ({
    message: `有 ${p.units} 配额为尚未结束的工作预留。`,
    next: '请等待结束后再删除账户。',
  }),
};

/** What there is of an account, as counted before it is deleted. */
type Going = {
  readonly videos: number;
  readonly pictures: number;
  readonly channels: number;
  readonly tokens: number;
  readonly savedTrends: number;
  readonly watches: number;
  readonly scheduled: number;
  readonly units: number;
};
type Line = readonly [string, string];

/** What a person reads before deleting their account. */
export const accountDeletePreviewEn = {
  account_delete: () => 'Delete your account for good',
  accountGoing: (p: Going): Line[] => [
    ['Videos', `${p.videos}, with their files and prompts`],
    ['Pictures', `${p.pictures}`],
    ['YouTube channels', `${p.channels} disconnected, and our keys to them deleted`],
    ['Access tokens', `${p.tokens} revoked`],
    ['Trends and watches', `${p.savedTrends} saved trends and ${p.watches} watches deleted`],
    ...(p.scheduled === 0
      ? []
      : [
          [
            'Scheduled',
            `${p.scheduled} publications are made private and never go public`,
          ] as const,
        ]),
    ['Quota', p.units === 0 ? 'none is left' : `${p.units} units are lost, and not paid back`],
    ['Talks', 'everything that was said, and your settings'],
    ['Stays', 'what is on YouTube; the journal of units and payments, without your name'],
    ['Later', 'a new account gets no free quota for 30 days'],
    ['Before', 'account_export gives you everything as a file'],
  ],
  accountPlanEnds: (p: { plan: string }): Line => [
    'Plan',
    `${p.plan} has ended its renewal already; the rest of its time is lost`,
  ],
};

export const accountDeletePreviewZh: typeof accountDeletePreviewEn = {
  account_delete: () => '永久删除您的账户',
  accountGoing: (p) => [
    ['视频', `${p.videos} 个，连同文件和提示词`],
    ['图片', `${p.pictures} 张`],
    ['YouTube 频道', `断开 ${p.channels} 个，并删除我们保存的密钥`],
    ['访问令牌', `撤销 ${p.tokens} 个`],
    ['爆款和监测', `删除 ${p.savedTrends} 个收藏和 ${p.watches} 个监测`],
    ...(p.scheduled === 0
      ? []
      : [['定时发布', `${p.scheduled} 个改为私享，不再自动公开`] as const]),
    ['配额', p.units === 0 ? '没有剩余' : `${p.units} 配额作废，不予退还`],
    ['对话', '全部对话内容和您的设置'],
    ['保留', 'YouTube 上的视频；不含姓名的配额与付款账目'],
    ['之后', '30 天内新建的账户没有免费配额'],
    ['在此之前', '可用 account_export 导出全部数据'],
  ],
  accountPlanEnds: (p) => ['套餐', `${p.plan} 已停止续费，剩余时间作废`],
};

/** What the two operations answer. */
export const accountDeleteSaidEn = {
  account_delete: (p: { units: number }) =>
    `Your account is deleted${p.units === 0 ? '' : `, and ${p.units} quota with it`}. Files and connections are being removed now.`,
  account_export: (p: { link: string }) =>
    `Everything that your account holds, as one file, for an hour: ${p.link}`,
};

export const accountDeleteSaidZh: typeof accountDeleteSaidEn = {
  account_delete: (p) =>
    `账户已删除${p.units === 0 ? '' : `，${p.units} 配额随之作废`}。文件和频道连接正在移除。`,
  account_export: (p) => `您账户的全部数据在一个文件中，一小时内有效：${p.link}`,
};
