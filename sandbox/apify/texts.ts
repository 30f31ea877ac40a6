import type { Random } from './random.ts';

/** The words of one made-up video. */
export type VideoText = {
  readonly title: string;
  readonly description: string;
  readonly hashtags: readonly string[];
  readonly channel: string;
  readonly handle: string;
};

type Title = (keyword: string, number: number) => string;

const english: readonly [Title, ...Title[]] = [
  (k, n) => `${n} ${k} tricks nobody tells you about`,
  (k) => `Why does your ${k} always go wrong?`,
  (k, n) => `I tried ${k} for ${n} days and this happened`,
  (k, n) => `${k} in ${n} seconds`,
  (k, n) => `Stop doing these ${n} things with ${k}`,
  (k) => `Is ${k} really worth it?`,
  (k) => `POV: your first ${k}`,
  (k, n) => `$${n} ${k} vs $${n * 100} ${k}`,
  (k) => `The ${k} mistake everyone makes`,
  (k) => `Wait for the end… ${k}`,
  (k, n) => `${k} for beginners: ${n} simple steps`,
  (k) => `Grandma reacts to ${k}`,
  (k) => `This is how professionals do ${k}`,
];
const chinese: readonly [Title, ...Title[]] = [
  (k, n) => `${k}的${n}个小技巧，最后一个没人告诉你`,
  (k) => `为什么你的${k}总是失败？`,
  (k, n) => `坚持${k}${n}天，结果惊到我了`,
  (k, n) => `${n}秒看懂${k}`,
  (k, n) => `千万别再这样做！${k}的${n}个误区`,
  (k) => `${k}到底值不值？看完再决定`,
  (k) => `第一次尝试${k}是什么体验？`,
  (k, n) => `${n}块的${k}和${n * 100}块的差在哪？`,
  (k) => `90%的人都不知道的${k}真相`,
  (k) => `看到最后我沉默了……${k}`,
  (k, n) => `新手${k}只要${n}步，收藏起来`,
  (k) => `当外婆第一次见到${k}`,
  (k) => `原来${k}还可以这样？`,
];
const englishNames = [
  'Daily Spark',
  'Mia Makes',
  'Northside Lab',
  'Tiny Kitchen Tales',
  'Leo Explains',
] as const;
const chineseNames = ['阿木日记', '小满生活', '一口实验室', '大壮爱琢磨', '橘子说'] as const;
const englishTags = ['tips', 'howto', 'viral', 'fyp', 'learn'] as const;
const chineseTags = ['干货', '教程', '热门', '日常', '涨知识'] as const;

/** Writes a title, description, hashtags and channel in the keyword's language. */
export function writeText(keyword: string, random: Random): VideoText {
  const isChinese = /\p{Script=Han}/u.test(keyword);
  const makeTitle = isChinese ? random.pick(...chinese) : random.pick(...english);
  const title = makeTitle(keyword, random.whole(3, 30));
  const tag = keyword.replaceAll(/[^\p{L}\p{N}]+/gu, '').toLowerCase();
  const more = isChinese ? random.pick(...chineseTags) : random.pick(...englishTags);
  const hashtags = tag === '' ? [more] : [tag, more];
  const follow = isChinese ? '关注我，每天一条。' : 'Follow for one every day.';
  return {
    title,
    description: `${title}\n${follow}\n${hashtags.map((name) => `#${name}`).join(' ')}`,
    hashtags,
    channel: isChinese ? random.pick(...chineseNames) : random.pick(...englishNames),
    handle: `${random.pick('daily', 'real', 'the', 'its', 'hello')}.${random.letters('abcdefghijklmnopqrstuvwxyz', 6)}`,
  };
}
