import type { FaultWords } from './en.ts';

/** What is said of a watch that was made or changed. */
type Made = {
  readonly keyword: string;
  readonly platforms: string;
  readonly outcome: 'created' | 'changed' | 'restarted';
  readonly score: number;
  readonly hours: number;
  readonly usd: string;
};

const madeEn = (outcome: Made['outcome']): string => {
  if (outcome === 'created') return 'Now watching';
  return outcome === 'changed' ? 'Changed: watching' : 'Again watching';
};
const madeZh = (outcome: Made['outcome']): string => {
  if (outcome === 'created') return '开始监测';
  return outcome === 'changed' ? '已更改监测' : '重新开始监测';
};

/** What the operations about watches answer. */
export const watchesSaidEn = {
  watch_create: (p: Made) =>
    `${madeEn(p.outcome)} "${p.keyword}" on ${p.platforms} every ${p.hours} h. You are told what scores ${p.score} or more. The operator pays for it, at most $${p.usd} a day.`,
  watch_list: (p: { active: number; paused: number }) =>
    p.paused === 0
      ? `${p.active} active watches.`
      : `${p.active} active watches, ${p.paused} paused.`,
  watch_delete: (p: { keyword: string }) => `"${p.keyword}" is no longer watched.`,
};

export const watchesSaidZh: typeof watchesSaidEn = {
  watch_create: (p) =>
    `${madeZh(p.outcome)}“${p.keyword}”（${p.platforms}），每 ${p.hours} 小时查看一次，${p.score} 分及以上时通知您。费用由运营者承担，每天最多 $${p.usd}。`,
  watch_list: (p) =>
    p.paused === 0
      ? `正在监测 ${p.active} 个主题。`
      : `正在监测 ${p.active} 个主题，${p.paused} 个已暂停。`,
  watch_delete: (p) => `已不再监测“${p.keyword}”。`,
};

/** Said of one watch too many. */
export const watchLimitEn = (p: { most: number }): FaultWords => ({
  message: `You have ${p.most} active watches, and that is the most.`,
  next: 'Delete one with watch_delete first; watch_list shows them.',
});

export const watchLimitZh: typeof watchLimitEn = (p) => ({
  message: `正在进行的监测已有 ${p.most} 个，达到上限。`,
  next: '请先用 watch_delete 删除一个；用 watch_list 查看全部。',
});
