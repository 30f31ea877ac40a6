import type { Locale } from './catalogue.ts';

type Count = { readonly count: number };
type When = { readonly when: string };

const en = {
  title: 'Dashboard',
  times: (p: { zone: string }) => `Times are those of ${p.zone}.`,
  retry: 'Load this part again',
  firstSteps: 'First steps',
  quota: {
    heading: 'Quota',
    available: 'to spend',
    held: 'Set aside',
    used: 'Used this month',
    month: 'This month',
    packs: 'From packs',
    plan: 'Plan',
    renews: 'Renews',
    ends: 'Plan ends',
    never: 'Not by itself',
    chart: (p: { months: string }) => `Quota by month. ${p.months}.`,
    monthOf: (p: { month: string; used: number; granted: number }) =>
      `${p.month}: ${p.used} used, ${p.granted} received`,
    note: 'Quota that is set aside comes back when a video cannot be made. Units from packs do not end.',
    more: 'For more, say “show me plans and packs” in your chat, or type /plan list in Discord.',
  },
  history: {
    heading: 'Quota history',
    what: 'What for',
    at: 'When',
    units: 'Units',
    left: 'Left',
  },
  videos: {
    heading: 'Videos',
    none: 'No videos yet. Say “make a 30-second video of a paper boat in the rain” in your chat, or type /video generate in Discord.',
    noneOlder: 'There are no older videos.',
    older: 'Older videos',
    newest: 'Newest videos',
    still: (p: { title: string }) => `Still of: ${p.title}`,
    noStill: 'No still',
    seconds: (p: { seconds: number }) => `${p.seconds} s`,
  },
  publications: {
    heading: 'Publications',
    none: 'Nothing has been published yet. Say “publish my last video” in your chat once one is ready.',
    goesPublic: (p: When) => `goes public ${p.when}`,
    watch: 'Watch on YouTube',
  },
  stats: {
    heading: 'Channel statistics',
    days: (p: { days: number }) => `Growth within ${p.days} days; read from YouTube every hour.`,
    views: 'Views',
    likes: 'Likes',
    comments: 'Comments',
    unknown: 'not known',
    none: 'No numbers yet: they come within an hour after a video has gone public or unlisted.',
    each: 'Each video',
    more: (p: Count) => `and ${p.count} more in the totals`,
    chart: (p: { from: string; to: string; first: string; last: string }) =>
      `Views over time: ${p.first} on ${p.from}, ${p.last} on ${p.to}.`,
  },
  trends: {
    heading: 'Saved trends',
    none: 'Nothing is saved yet. Say “find short videos about AI tools that take off” in your chat and save what you like.',
    score: (p: { score: string }) => `Score ${p.score}`,
    views: (p: { count: string }) => `${p.count} views`,
    rising: 'rising',
  },
  watches: {
    heading: 'Watches',
    none: 'You watch nothing yet. Say “tell me when videos about latte art take off” in your chat.',
    settings: (p: { platforms: string; hours: number; score: number }) =>
      `${p.platforms}, every ${p.hours} h, from ${p.score} of 100`,
    found: (p: Count) => `${p.count} found`,
    next: (p: When) => `next look ${p.when}`,
    paused: 'paused',
    pausedWhy: 'the last looks have failed',
  },
  channels: {
    heading: 'YouTube channels',
    none: 'No channel is connected yet. Say “connect my YouTube channel” in your chat: you get a link to allow it.',
    connected: 'connected',
    reconnect: 'to be connected again',
    again:
      'YouTube no longer accepts our access. Say “connect my YouTube channel again” in your chat.',
    access: { upload: 'private uploads only', manage: 'uploads and changes' },
  },
  welcome: {
    heading: 'Welcome: three steps to your first video',
    lead: 'Everything happens in a chat. Here is what to say; copy it as it is or put your own topic in.',
    steps: [
      {
        title: 'Find a trend',
        discord: '/trend search keyword:AI tools',
        chat: 'Which short videos about AI tools are taking off this week, and why?',
      },
      {
        title: 'Write the prompt',
        discord: '/prompt write idea:small AI tools wake up on a tidy desk',
        chat: 'Write a prompt for a 30-second video like the first one.',
      },
      {
        title: 'Make the video',
        discord: '/video generate',
        chat: 'Make this video, 30 seconds, upright.',
      },
    ],
    inDiscord: 'In Discord',
    inChat: 'In Claude or ChatGPT',
    safe: 'You see the price before anything is spent, and approve it yourself.',
    connect: 'Let Claude or ChatGPT act for you',
    dismiss: 'Got it',
  },
};

const zh: typeof en = {
  title: '概览',
  times: (p) => `时间均为 ${p.zone} 时区。`,
  retry: '重新加载此部分',
  firstSteps: '新手指引',
  quota: {
    heading: '配额',
    available: '可用',
    held: '制作中预留',
    used: '本月已用',
    month: '本月配额',
    packs: '加量包',
    plan: '套餐',
    renews: '下次刷新',
    ends: '套餐结束',
    never: '不自动刷新',
    chart: (p) => `各月配额。${p.months}。`,
    monthOf: (p) => `${p.month}：已用 ${p.used}，获得 ${p.granted}`,
    note: '若视频未能制作，预留的配额会退回。加量包长期有效。',
    more: '如需更多，请在聊天中说“看看套餐和加量包”，或在 Discord 中输入 /套餐 列表。',
  },
  history: { heading: '配额记录', what: '用途', at: '时间', units: '数量', left: '剩余' },
  videos: {
    heading: '视频',
    none: '还没有视频。请在聊天中说“做一个 30 秒的雨中纸船视频”，或在 Discord 中输入 /视频 生成。',
    noneOlder: '没有更早的视频了。',
    older: '更早的视频',
    newest: '最新的视频',
    still: (p) => `视频画面：${p.title}`,
    noStill: '暂无画面',
    seconds: (p) => `${p.seconds} 秒`,
  },
  publications: {
    heading: '发布',
    none: '还没有发布过。视频完成后，请在聊天中说“发布我最新的视频”。',
    goesPublic: (p) => `${p.when} 公开`,
    watch: '在 YouTube 观看',
  },
  stats: {
    heading: '频道数据',
    days: (p) => `近 ${p.days} 天的增长；每小时从 YouTube 读取。`,
    views: '观看',
    likes: '点赞',
    comments: '评论',
    unknown: '未知',
    none: '还没有数据：视频公开或不公开列出后一小时内即可看到。',
    each: '各视频',
    more: (p) => `总数中还包含另外 ${p.count} 个`,
    chart: (p) => `观看走势：${p.from} 为 ${p.first}，${p.to} 为 ${p.last}。`,
  },
  trends: {
    heading: '收藏的爆款',
    none: '还没有收藏。请在聊天中说“找找关于 AI 工具的爆款短视频”，再收藏喜欢的。',
    score: (p) => `爆款分 ${p.score}`,
    views: (p) => `${p.count} 次播放`,
    rising: '正在上升',
  },
  watches: {
    heading: '监测',
    none: '还没有监测任何主题。请在聊天中说“拉花咖啡的视频走红时告诉我”。',
    settings: (p) => `${p.platforms}，每 ${p.hours} 小时，${p.score} 分及以上`,
    found: (p) => `已发现 ${p.count} 个`,
    next: (p) => `下次查看 ${p.when}`,
    paused: '已暂停',
    pausedWhy: '最近几次查看失败',
  },
  channels: {
    heading: 'YouTube 频道',
    none: '还没有连接频道。请在聊天中说“连接我的 YouTube 频道”，您会收到授权链接。',
    connected: '已连接',
    reconnect: '需要重新连接',
    again: 'YouTube 不再接受我们的访问。请在聊天中说“重新连接我的 YouTube 频道”。',
    access: { upload: '仅可上传私享视频', manage: '可上传和修改' },
  },
  welcome: {
    heading: '欢迎：三步做出第一个视频',
    lead: '一切都在聊天中完成。下面是可以直接说的话，原样复制或换成您的主题即可。',
    steps: [
      {
        title: '发现爆款',
        discord: '/爆款 搜索 关键词:AI 工具',
        chat: '这周有哪些关于 AI 工具的短视频正在走红？为什么？',
      },
      {
        title: '撰写 Prompt',
        discord: '/提示词 撰写 想法:整洁的书桌上，小小的 AI 工具逐一醒来',
        chat: '照着第一个，为 30 秒的视频写一段 Prompt。',
      },
      {
        title: '制作视频',
        discord: '/视频 生成',
        chat: '用这段 Prompt 做一个 30 秒的竖屏视频。',
      },
    ],
    inDiscord: '在 Discord 中',
    inChat: '在 Claude 或 ChatGPT 中',
    safe: '消耗配额之前会先显示价格，由您亲自确认。',
    connect: '让 Claude 或 ChatGPT 代您操作',
    dismiss: '知道了',
  },
};

/** Words of the page that shows a signed-in person what they have. */
export const dashboardWords: Readonly<Record<Locale, typeof en>> = { en, zh };
export type DashboardWords = typeof en;

/** Names are the same in every language. */
export const platformNames = {
  tiktok: 'TikTok',
  youtube: 'YouTube',
  instagram: 'Instagram',
} as const;
