import type { Locale } from '../catalogue.ts';

const en = {
  headings: {
    created: '👀 Watching from now on',
    changed: '👀 The watch is changed',
    restarted: '👀 Watching again',
  },
  listHeading: 'What you are told about',
  settings: (p: { platforms: string; hours: number; score: number }) =>
    `${p.platforms} · every ${p.hours} h · from ${p.score} of 100`,
  cost: (p: { usd: string }) =>
    `The operator pays for it, at most $${p.usd} a day; your quota is not touched`,
  costShort: (p: { usd: string }) => `at most $${p.usd} a day`,
  tellsDirectly: 'What is found comes to you as a direct message, each video once.',
  found: (p: { count: number }) => `${p.count} found so far`,
  next: (p: { when: string }) => `next look ${p.when}`,
  paused: 'paused: the last looks have failed',
  none: 'You watch nothing yet. Name a topic, and you are told when a video about it takes off.',
  more: (p: { count: number }) => `and ${p.count} more`,
  show: 'My watches',
  stop: 'Stop',
  start: 'Start again',
  gone: 'No longer watched',
  foundTitle: (p: { keyword: string; count: number }) =>
    p.count === 1
      ? `📈 Taking off: **${p.keyword}**`
      : `📈 ${p.count} videos are taking off: **${p.keyword}**`,
  foundMore: (p: { count: number }) => `${p.count} more in the list`,
  all: 'Show the list',
  pausedTitle: (p: { keyword: string }) => `⏸️ The watch on **${p.keyword}** is paused`,
  pausedWhy: (p: { reason: string }) => `Three looks in a row have failed. ${p.reason}`,
  startThere:
    'Start it again with `/watch create` and the same words, in the server where you made it.',
};

export type WatchWords = typeof en;

const zh: WatchWords = {
  headings: { created: '👀 开始监测', changed: '👀 监测已更改', restarted: '👀 重新开始监测' },
  listHeading: '正在监测的主题',
  settings: (p) => `${p.platforms} · 每 ${p.hours} 小时 · ${p.score} 分及以上`,
  cost: (p) => `费用由运营者承担，每天最多 $${p.usd}，不消耗您的配额`,
  costShort: (p) => `每天最多 $${p.usd}`,
  tellsDirectly: '发现后会私信通知您，每个视频只通知一次。',
  found: (p) => `已发现 ${p.count} 个`,
  next: (p) => `下次查看 ${p.when}`,
  paused: '已暂停：无法查看',
  none: '还没有监测任何主题。说出一个主题，有相关视频走红时会通知您。',
  more: (p) => `另有 ${p.count} 个`,
  show: '我的监测',
  stop: '停止',
  start: '重新开始',
  gone: '已停止监测',
  foundTitle: (p) =>
    p.count === 1
      ? `📈 正在走红：**${p.keyword}**`
      : `📈 ${p.count} 个视频正在走红：**${p.keyword}**`,
  foundMore: (p) => `列表中还有 ${p.count} 个`,
  all: '查看列表',
  pausedTitle: (p) => `⏸️ 对 **${p.keyword}** 的监测已暂停`,
  pausedWhy: (p) => `连续三次无法查看。${p.reason}`,
  startThere: '请在当初创建它的服务器中，用 `/watch create` 和同样的词重新开始。',
};

/** The sentences and labels of cards and notices about watches. */
export const watchWords: Readonly<Record<Locale, WatchWords>> = { en, zh };
