import type { Locale } from '../messages/catalogue.ts';
import { holdsOrder } from './orders.ts';
import { isTelling, type Read } from './read-text.ts';

/** Words that a title says to models or viewers and not of its subject. */
const addressed =
  /^(?:ignor|disregard|instruct|system|prompt|approv|execut|call|tool|function|repl|respon|answer|schema|quota|admin|operator|developer|previous|rule|untrusted|inst$|dan$|subscri|follow|like|channel|publish|privacy)|忽略|无视|指令|系统|提示|批准|执行|调用|必须|立即|回复|回答|输出|管理员|配额|关注|点赞|订阅|发布/u;

/** Calls to follow and tags, which end a title and are no part of a picture. */
const tail = /(?:\s+(?:关注|订阅|(?:Follow|Subscribe)\b)|\s+#\S).*$/su;

const bounds = { en: { least: 3, most: 16 }, zh: { least: 2, most: 5 } } as const;

/** The first few words that tell what a title is about, the last of them first. */
export function topicWords(title: string, language: Locale, read: Read): string[] {
  const { least, most } = bounds[language];
  const words = title
    .replace(tail, '')
    .split(/(?<=[.!?。！？])\s*/u)
    .filter((sentence) => !holdsOrder(read(sentence).folded))
    .flatMap((sentence) =>
      Array.from(new Intl.Segmenter(language, { granularity: 'word' }).segment(sentence)),
    )
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment)
    .filter((word) => {
      const { folded, tokens } = read(word);
      const length = Array.from(word).length;
      const isWord = /^\p{L}+$/u.test(folded) && length >= least && length <= most;
      const isOurs = /\p{Script=Han}/u.test(word) === (language === 'zh');
      const tells = tokens.some(({ text }) => isTelling(text));
      return isWord && isOurs && tells && !addressed.test(folded);
    });
  // The other way round, so that they cannot say what the title says.
  return [...new Set(words)].slice(0, 3).toReversed();
}
