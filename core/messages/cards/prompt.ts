import type { Locale } from '../catalogue.ts';

const en = {
  writtenByModel: () => 'written by AI',
  writtenByRules: () => 'written by rules, because no AI wrote one that could be used',
  copyRisk: (p: { percent: number }) => `copied from the original: ${p.percent}%`,
  sameness: (p: { percent: number }) => `like your last videos: ${p.percent}%`,
  closeToSource: () => '⚠️ It is still close to the original video. Change it before you use it.',
  closeToOwn: (p: { video: string }) =>
    `⚠️ It is still much like your earlier video ${p.video}. Edit it for something new.`,
};

/** What the card of a written prompt says about it. */
export type PromptWords = typeof en;

const zh: PromptWords = {
  writtenByModel: () => '由 AI 撰写',
  writtenByRules: () => 'AI 未能写出可用的版本，由规则撰写',
  copyRisk: (p) => `与原视频文字重合 ${p.percent}%`,
  sameness: (p) => `与您最近的视频相似 ${p.percent}%`,
  closeToSource: () => '⚠️ 它仍与原视频过于接近，使用前请修改。',
  closeToOwn: (p) => `⚠️ 它仍与您之前的视频 ${p.video} 过于相似，请编辑出新意。`,
};

export const promptWords: Readonly<Record<Locale, PromptWords>> = { en, zh };
