/** Emoji for subjects that have one of their own. */
const emoji: readonly (readonly [RegExp, string])[] = [
  [/\b(?:cats?|kittens?)\b|猫/iu, '🐱'],
  [/\b(?:dogs?|pupp(?:y|ies))\b|狗/iu, '🐶'],
  [/\b(?:boats?|ships?|sail\w*)\b|船|帆/iu, '⛵'],
  [/\b(?:fox|foxes)\b|狐/iu, '🦊'],
  [/\b(?:birds?|parrots?)\b|鸟|鹦鹉/iu, '🐦'],
  [/\b(?:fish|fishes)\b|鱼/iu, '🐟'],
  [/\bcoffee|latte|espresso\b|咖啡/iu, '☕'],
  [/\btea\b|茶/iu, '🍵'],
  [/\b(?:bread|sourdough|baking)\b|面包|烘焙/iu, '🍞'],
  [/\b(?:noodles?|ramen)\b|面条|拉面/iu, '🍜'],
  [/\b(?:cakes?|dessert)\b|蛋糕|甜品/iu, '🍰'],
  [/\b(?:rain\w*|umbrellas?)\b|雨/iu, '🌧'],
  [/\b(?:snow\w*)\b|雪/iu, '❄'],
  [/\b(?:moon\w*)\b|月亮|月光/iu, '🌙'],
  [/\b(?:stars?|galax(?:y|ies))\b|星空|银河/iu, '✨'],
  [/\b(?:ocean|sea|waves?|surf\w*)\b|海浪|大海|冲浪/iu, '🌊'],
  [/\b(?:mountains?|hik\w+)\b|雪山|登山/iu, '⛰'],
  [/\b(?:forests?|trees?)\b|森林/iu, '🌲'],
  [/\b(?:flowers?|blossoms?|garden\w*)\b|花园|樱花|花朵/iu, '🌸'],
  [/\b(?:robots?)\b|机器人/iu, '🤖'],
  [/\b(?:rockets?|astronauts?|spaceships?)\b|火箭|宇航员/iu, '🚀'],
  [/\b(?:trains?|railways?)\b|火车|列车/iu, '🚂'],
  [/\b(?:guitars?|music|pianos?)\b|吉他|音乐|钢琴/iu, '🎵'],
  [/\b(?:football|soccer)\b|足球/iu, '⚽'],
];

const any = /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}/gu;

/** The emoji of the first subject that a text names; empty when none has one. */
export function emojiOf(text: string): string {
  const found = emoji
    .map(([pattern, sign]) => ({ at: text.search(pattern), sign }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at);
  return found[0]?.sign ?? '';
}

/** Whether a text has an emoji already. */
export const hasEmoji = (text: string): boolean => text.search(any) >= 0;

/** A text with its first emoji alone. */
export function withOneEmoji(text: string): string {
  let seen = 0;
  return text
    .replaceAll(any, (sign) => ((seen += 1) === 1 ? sign : ' '))
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
