const pinyin = `色se 情qing 裸luo 照zhao 聊liao 黄huang 片pian 毒du 品pin 赌du 博bo 场chang 炸zha 弹dan 药yao
枪qiang 支zhi 杀sha 自zi 残can 尸shi 体ti 斩zhan 首shou 肢zhi 解jie 奸jian 强qiang 淫yin 口kou 交jiao 做zuo
约yue 炮pao 幼you 女nv 萝luo 莉li 鬼gui 黑hei 冰bing 彩cai 妓ji 嫖piao 娼chang 肛gang 恐kong 怖bu 圣sheng
战zhan 假jia 钞chao 币bi 血xue 腥xing 虐nue 性xing 脱tuo 衣yi 全quan 慰wei 碎sui 砍kan 头tou 割ge 腕wan
袭xi 击ji 纳na 粹cui 迷mi 卖mai 床chuang 戏xi 露lou 点dian 无wu 码ma 换huan 脸lian 催cui 火huo 证zheng
海hai 洛luo 因yin 大da 麻ma 气qi 洗xi 钱qian 犹you 太tai 鸦ya`;

/** How a character is spelled in Latin letters when somebody avoids writing it. */
const spellings: ReadonlyMap<string, string> = new Map(
  pinyin.split(/\s+/u).map((pair): [string, string] => [pair.slice(0, 1), pair.slice(1)]),
);

/** Characters written as their parts. */
const parts: Readonly<Record<string, string>> = {
  弹: '弓单',
  炸: '火乍',
  枪: '木仓',
  赌: '贝者',
  裸: '衤果',
  奸: '女干',
  肢: '月支',
  钞: '钅少',
  脱: '月兑',
  杀: '乂木',
  割: '害刂',
  博: '十尃',
  嫖: '女票',
  妓: '女支',
};

/** As good as two terms, but an everyday word when it is spelled in full. */
const everyday = new Set(['bingdu', 'toutou', 'huangse', 'lianpian', 'zisha', 'damage']);

const replaceAt = (term: string, index: number, by: string): string =>
  term.slice(0, index) + by + term.slice(index + 1);

/** The term with one character spelled in Latin letters, or written as its parts. */
export function mixedForms(term: string): string[] {
  if (term.length < 2 || term.length > 4) return [];
  return Array.from(term).flatMap((character, index) => {
    const spelled = spellings.get(character);
    const split = parts[character];
    return [
      ...(spelled === undefined ? [] : [replaceAt(term, index, spelled)]),
      ...(spelled?.includes('v') ? [replaceAt(term, index, spelled.replace('v', 'u'))] : []),
      ...(split === undefined ? [] : [replaceAt(term, index, split)]),
    ];
  });
}

/** Every character written as its parts where it has some; null when none has. */
export function partsForm(term: string): string | null {
  const split = Array.from(term, (character) => parts[character] ?? character).join('');
  return split === term ? null : split;
}

/** The whole term in Latin letters; null when that is too short or reads as something else. */
export function spelledForm(term: string): string | null {
  const syllables = Array.from(term, (character) => spellings.get(character));
  if (syllables.length < 2 || syllables.includes(undefined)) return null;
  const spelled = syllables.join('');
  return spelled.length < 6 || everyday.has(spelled) ? null : spelled;
}
