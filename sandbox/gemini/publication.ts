import { limitsOf } from './limits.ts';
import { findNumber, hashOf, readMaterial, type Language, type Material } from './material.ts';
import type { Question } from './request.ts';
import type { Shape } from './wire.ts';

/** Whether texts for publishing a video are asked for. */
export const asksForPublication = ({ properties }: Shape): boolean =>
  ['titles', 'description', 'hashtags', 'tags'].every((name) => properties?.[name] !== undefined);

type Bank = {
  readonly titles: readonly string[];
  /** What a title that is too short goes on with. */
  readonly tail: string;
  readonly sentences: readonly string[];
  readonly chapters: readonly string[];
  readonly additions: readonly string[];
  readonly usual: readonly string[];
};

/** {t}: the subject; {a}: its first word; {s}: seconds. */
const banks: Readonly<Record<Language, Bank>> = {
  en: {
    titles: [
      '{t}: 3 details nearly everybody misses',
      'Would you watch it twice? {t}',
      '{t}, in {s} quiet seconds',
      '{t}: what happens in the last 3 seconds?',
      'How calm can {s} seconds be? {t}',
    ],
    tail: ', from the first second to the very last',
    sentences: [
      '{t}: {s} seconds without hurry.',
      'It begins so close that every movement can be seen, and opens up step by step until the whole scene is there.',
      'Halfway through something changes, and most people notice it only the second time.',
      'The {a} stays in the centre from the first picture to the last.',
      'If you like calm pictures with a clear ending, stay until the end.',
      'Tell us in the comments which moment you liked best, and what you would like to see next.',
      'Save it for a day on which you need a quiet minute.',
      'Made with the help of AI, from one short idea.',
    ],
    chapters: [
      'Out of the blur',
      'From further away',
      'One tiny detail',
      'Everything pauses',
      'Faster than before',
      'The last light',
    ],
    additions: ['', ' video', ' short', ' aesthetic', ' close up'],
    usual: ['shorts', 'short film', 'ai video', 'calm video', 'satisfying', 'visual story'],
  },
  zh: {
    titles: [
      '{t}还能这样拍？从第一秒的特写到最后一秒的定格，里面藏着 3 处大多数人第一遍都没有注意到的小细节',
      '只用 {s} 秒讲清一件小事：{t}。看完第二遍才明白，原来画面从一开始就把结局悄悄告诉了你',
      '{t}：放慢之后，每一处细节都清清楚楚，你最先注意到的会是哪里？最后那 3 秒最值得留下来看',
      '你会看两遍吗？{t}，第 1 遍看热闹，第 2 遍看光线，真正好看的其实是慢慢安静下来的那一刻',
    ],
    tail: '，从第一秒一直看到最后一秒，每个画面都不一样',
    sentences: [
      '{t}，用 {s} 秒慢慢讲完。',
      '镜头从最近的地方开始，近到能看清每一个动作，然后一步一步退开，直到完整的场景出现在眼前。',
      '画面走到一半的时候会有一个小小的变化，大多数人要看第二遍才会注意到。',
      '从第一个画面到最后一个画面，{a}始终留在最显眼的位置。',
      '如果你也喜欢安静的画面和清楚的结尾，请一定看到最后。',
      '欢迎在评论区告诉我们，你最喜欢哪一个瞬间，下一支想看什么。',
      '先收藏起来，等到需要安静一会儿的时候再打开。',
      '全片由 AI 根据一句简短的想法生成，没有多余的字幕，也没有夸张的特效。',
      '声音和光线都尽量保持自然，让注意力留在画面里最重要的地方。',
      '结尾停在最干净的一帧，适合截图，也适合循环播放。',
      '如果你也拍过类似的题材，欢迎把自己的版本分享出来，大家一起看。',
      '看完以后再回头想一想，第一秒看到的画面，其实已经说明了一切。',
    ],
    chapters: [
      '突然出现在眼前',
      '从远处静静望去',
      '最细小的那一处',
      '一切忽然停住',
      '比刚才快了许多',
      '停在最后的光里',
    ],
    additions: ['', '视频', '短片', '治愈', '特写'],
    usual: ['短视频', 'AI视频', '创意短片', '治愈系', '影像', '氛围感'],
  },
};

const marked = /<untrusted\b[^>]*>(?<inner>[^<]*)<\/untrusted>/gu;

type Subject = {
  readonly language: Language;
  readonly topic: string;
  readonly keywords: readonly string[];
  readonly seconds: number;
};

/** What is between the marks tells the subject; what stands around them tells of the video. */
function findSubject({ instructions, material }: Question): Subject {
  const inner = Array.from(material.matchAll(marked), ({ groups }) => groups?.['inner'] ?? '');
  const whole = readMaterial(instructions, material);
  const { language } = whole;
  const [first = ''] = inner;
  const words = inner.length === 0 ? whole : readMaterial(instructions, inner.join('\n'));
  const keywords = words.keywords.filter((word) => !/^[一两三]/u.test(word));
  return {
    language,
    topic: language === 'zh' ? longer(whole, first) : whole.topic,
    keywords: keywords.length > 0 ? keywords : [whole.topic],
    seconds: findNumber(material, 'seconds?\\b|秒') ?? 30,
  };
}

/** A place alone is no subject in Chinese: what happens there follows after the comma. */
function longer({ topic }: Material, text: string): string {
  const [first = '', second = ''] = text.split(/[，。！？；]/u);
  const isPlace = /[上里中下旁]$/u.test(topic) && first.endsWith(topic);
  return isPlace && second !== '' ? `${topic}，${second}`.slice(0, 24) : topic;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Titles, description, tags and, where they are asked for, names of chapters. */
export function writePublication(question: Question, shape: Shape): Record<string, unknown> {
  const subject = findSubject(question);
  const { language, keywords } = subject;
  const bank = banks[language];
  const limits = (name: string) =>
    limitsOf(name, shape.properties?.[name] ?? {}, `${question.instructions}\n`);
  const tags = [
    ...bank.additions.flatMap((addition) => keywords.map((word) => word.slice(0, 20) + addition)),
    ...bank.usual,
    ...keywords.flatMap((word) => bank.usual.map((usual) => `${word.slice(0, 15)} ${usual}`)),
  ];
  const chapters = limits('chapters').count?.low ?? 3;
  return {
    titles: writeTitles(subject, question.material),
    description: writeDescription(subject, limits('description').characters),
    hashtags: [...keywords.slice(0, 2), ...bank.usual]
      .slice(0, limits('hashtags').count?.high ?? 5)
      .map((word) => `#${word.replaceAll(/[^\p{L}\p{N}_]/gu, '')}`),
    tags: [...new Set(tags)].slice(0, limits('tags').count?.low ?? 12),
    ...(shape.properties?.['chapters']
      ? {
          chapters: Array.from(
            { length: chapters },
            (_, index) =>
              bank.chapters[index === chapters - 1 ? bank.chapters.length - 1 : index] ?? '',
          ),
        }
      : {}),
  };
}

const fillWith = (phrase: string, { topic, keywords, seconds }: Subject): string =>
  phrase
    .replaceAll('{t}', topic)
    .replaceAll('{a}', keywords[0] ?? topic)
    .replaceAll('{s}', String(seconds));

function writeTitles(subject: Subject, seed: string): string[] {
  const { titles, tail } = banks[subject.language];
  const from = hashOf(seed) % titles.length;
  return [0, 1, 2].map((index) => {
    const title = capital(fillWith(titles[(from + index) % titles.length] ?? '', subject));
    return title.length < 50 ? title + tail : title.slice(0, 100);
  });
}

type Asked = { readonly low: number; readonly high: number } | null;

function writeDescription(subject: Subject, asked: Asked): string {
  const { low, high } = asked ?? { low: 200, high: 400 };
  const glue = subject.language === 'zh' ? '' : ' ';
  let text = '';
  for (const phrase of banks[subject.language].sentences) {
    const sentence = capital(fillWith(phrase, subject));
    const longerText = text === '' ? sentence : text + glue + sentence;
    if (text.length < low && longerText.length <= high) text = longerText;
  }
  return text;
}
