/** What a fault says, and what to do next. */
type Words = { readonly message: string; readonly next: string };

/** What is said about a search; `age` is in minutes, null for one that was just made. */
type Said = {
  readonly running: boolean;
  /** Whom it waits for, in a sentence each; empty where nobody is away. */
  readonly waits: string;
  readonly count: number;
  readonly skipped: number;
  readonly best: string | null;
  readonly score: number | null;
  readonly age: number | null;
};

const hoursOf = (minutes: number): number => Math.round(minutes / 60);

const agoEn = (minutes: number): string =>
  minutes < 90 ? `${minutes} min ago` : `${hoursOf(minutes)} h ago`;
const agoZh = (minutes: number): string =>
  minutes < 90 ? `${minutes} 分钟前` : `${hoursOf(minutes)} 小时前`;

export function trendSearchEn({ running, waits, count, skipped, best, score, age }: Said): string {
  if (running)
    return `${waits || 'Still searching.'} Ask again with the same words in a minute; it goes on by itself and is paid for once.`;
  const seen = age === null ? '' : ` Searched ${agoEn(age)}; nothing was paid for again.`;
  return best === null
    ? `Nothing found (${skipped} items were no usable videos). Try another keyword or a longer period.${seen}`
    : `${count} videos ranked; ${skipped} items left out. Best: "${best}" with ${score} of 100.${seen}`;
}

export function trendSearchZh({ running, waits, count, skipped, best, score, age }: Said): string {
  if (running)
    return `${waits || '仍在搜索。'}请过一分钟用同样的词再问一次；搜索会自行继续，只计费一次。`;
  const seen = age === null ? '' : `数据为 ${agoZh(age)}所得，没有再次付费。`;
  return best === null
    ? `没有找到结果（${skipped} 条不是可用的视频）。请换个关键词或放宽时间。${seen}`
    : `已排序 ${count} 个视频，略过 ${skipped} 条。最高：“${best}”，${score}/100 分。${seen}`;
}

/** While it goes on, with the platforms that it waits for. */
export const searchingWords = {
  en: (names: string) => `Searching ${names} …`,
  zh: (names: string) => `正在搜索 ${names} …`,
} as const;

/** Why a search has brought nothing, or may not be made. */
export const searchFaultsEn = {
  run_timed_out: (p: { provider: string }): Words => ({
    message: `${p.provider} took too long and was stopped by its time limit.`,
    next: 'Try again, with fewer videos or another keyword.',
  }),
  run_aborted: (p: { provider: string }): Words => ({
    message: `The run at ${p.provider} was stopped before its end.`,
    next: 'Try again when you want it.',
  }),
  search_limit: (p: { most: number; hours: number }): Words => ({
    message: `Your ${p.most} searches of the last 24 hours are used up.`,
    next: `In about ${p.hours} h one is free again. What was found before, and what others have just searched for, still opens.`,
  }),
};

export const searchFaultsZh: typeof searchFaultsEn = {
  run_timed_out: (p) => ({
    message: `${p.provider} 用时过长，已被其时限终止。`,
    next: '请重试，可减少视频数量或换个关键词。',
  }),
  run_aborted: (p) => ({
    message: `${p.provider} 的任务在完成前被终止。`,
    next: '需要时请重新搜索。',
  }),
  search_limit: (p) => ({
    message: `最近 24 小时的 ${p.most} 次搜索已用完。`,
    next: `约 ${p.hours} 小时后可再搜索一次。之前的结果和他人刚搜过的内容仍可查看。`,
  }),
};
