import type { Locale } from '../messages/catalogue.ts';
import { plainText } from '../untrusted.ts';
import type { Material } from './material.ts';
import {
  closenessOf,
  fitPrompt,
  measurePrompt,
  type Measured,
  type Surroundings,
} from './measure.ts';
import { topicWords } from './topic-words.ts';

type Filling = { readonly seconds: number; readonly topic: string };

/** Ways to film anything; the first that the person has not used lately is taken. */
const versions: Readonly<Record<Locale, readonly ((filling: Filling) => string)[]>> = {
  en: [
    ({ seconds, topic }) =>
      `A ${seconds} second short about ${topic}. It opens on a close-up that hooks at once, then the camera pushes in slowly through three clear scenes, with bright light, a blue and violet palette and a brisk rhythm, and ends on one simple, strong closing image.`,
    ({ seconds, topic }) =>
      `A ${seconds} second journey around ${topic}: a drone descends through mist, people gather and their hands get to work, the camera circles them at eye level, amber light spills across faces, and the last shot leaves an empty street after rain.`,
    ({ seconds, topic }) =>
      `${seconds} seconds with ${topic}, told backwards: the finished result rests on a table, then every step unwinds, filmed from overhead with macro inserts, cool daylight giving way to candle flames, until it stops where everything began.`,
    ({ seconds, topic }) =>
      `A ${seconds} second night piece about ${topic}. Neon glitters in puddles, a stranger arrives carrying a secret, the handheld camera trails behind through a crowded market, steam passes the lens, and a smile in silhouette closes it.`,
  ],
  zh: [
    ({ seconds, topic }) =>
      `一支 ${seconds} 秒的短视频，主题：${topic}。开场用特写镜头抓住注意力，随后镜头缓慢推进，依次展示三个清晰画面，节奏紧凑，光线明亮，色调以蓝紫为主，最后定格在一个简洁有力的收尾画面。`,
    ({ seconds, topic }) =>
      `${seconds} 秒的旅程，围绕${topic}展开：航拍穿过薄雾降落，人群聚拢，一双双手忙碌起来，镜头在人们身边环绕，琥珀色的光洒在脸庞上，结尾停在雨后空无一人的街道。`,
    ({ seconds, topic }) =>
      `用 ${seconds} 秒倒着讲述${topic}：成品先静静摆在桌面，再一步步退回原样，俯拍与微距交替，冷冷的日光渐渐换成烛火，直到回到故事发生之前的那一刻。`,
    ({ seconds, topic }) =>
      `${seconds} 秒的夜景短片，讲${topic}。霓虹倒映在水洼里，陌生人带着秘密走来，手持镜头穿过拥挤的集市，蒸汽掠过眼前，最后以一个微笑的剪影收尾。`,
  ],
};

const fresh: Readonly<Record<Locale, string>> = { en: 'a fresh idea', zh: '一个新鲜的想法' };

/** A prompt without a model, as far as possible unlike its source and the person's last videos. */
export function writeByRules(material: Material, surroundings: Surroundings): Measured {
  const { language, seconds } = material;
  let closest: Measured | null = null;
  for (const topic of topicsOf(material, surroundings)) {
    for (const write of versions[language]) {
      const measured = measurePrompt(fitPrompt(write({ seconds, topic })), surroundings);
      if (measured.tooCloseTo.length === 0) return measured;
      if (!closest || closenessOf(measured) < closenessOf(closest)) closest = measured;
    }
  }
  if (!closest) throw new Error('there are no rules to write by');
  return closest;
}

/** What the prompt may be about, best first: the person's words, else fewer and fewer of the title's. */
function topicsOf({ idea, topic, language, source }: Material, { read }: Surroundings): string[] {
  const own = idea === null ? '' : plainText(idea, 120);
  if (source.length === 0) return [own || fresh[language]];
  const words = topicWords(own || topic, language, read);
  const fewer = words.map((_, index) => listWords(words.slice(0, words.length - index), language));
  return [...(own ? [own] : []), ...fewer, fresh[language]];
}

function listWords(words: readonly string[], language: Locale): string {
  if (language === 'zh') return words.join('、');
  const lower = words.map((word) => word.toLowerCase());
  return new Intl.ListFormat('en', { style: 'long', type: 'conjunction' }).format(lower);
}
