import { readNumber } from './numbers.ts';

/** What a message says about how a video is to look and sound, in the words of the tool; only what was said. */
export type Look = {
  style?: string;
  tone?: string;
  pace?: string;
  fit?: string;
  captions?: boolean;
  voice?: string;
};

type Named = readonly [RegExp, Look];

/** The first of each group that fits counts; refusals stand before wishes. */
const groups: readonly (readonly Named[])[] = [
  [
    [
      /(?:不要|不加|不用|去掉|没有)字幕|\b(?:no|without|remove the|drop the) (?:captions?|subtitles?)\b/iu,
      { captions: false },
    ],
    [
      /(?:并?(?:加[上个]?|带上?|配上?|有|要)(?:中文|英文)?)?字幕|\b(?:(?:and |with |add |put on |turn on )+)?(?:captions?|subtitles?)(?: on)?\b/iu,
      { captions: true },
    ],
  ],
  [
    [
      /(?:不要|不加|不用|去掉)(?:配音|旁白|解说)|\b(?:no|without(?: an?)?|remove the|drop the) (?:voice-?\s?overs?|narrations?|narrator)\b/iu,
      { voice: 'off' },
    ],
    [
      /(?:(?:加上?|带|用|配|要)(?:一?个)?)?男声(?:的?(?:配音|旁白|解说))?|\b(?:(?:and|with|add|use) )*(?:an? )?(?:male|man['’]s) (?:voice(?:-?\s?over)?|narrator)\b/iu,
      { voice: 'male' },
    ],
    [
      /(?:(?:加上?|带|用|配|要)(?:一?个)?)?女声(?:的?(?:配音|旁白|解说))?|\b(?:(?:and|with|add|use) )*(?:an? )?(?:female|woman['’]s) (?:voice(?:-?\s?over)?|narrator)\b/iu,
      { voice: 'female' },
    ],
    [
      /(?:加[上个]?|带|要|有)?(?:配音|旁白|解说)|\b(?:(?:and|with|add) )*(?:an? )?(?:voice-?\s?overs?|narrations?|narrator)\b/iu,
      { voice: 'female' },
    ],
  ],
  [
    [/电影(?:感|质感|风格?)的?|\bcinematic\b(?: (?:look|style))?/iu, { style: 'cinematic' }],
    [
      /写实(?:风格?)?的?|\b(?:photo-?realistic(?: (?:look|style))?|realistic (?:look|style))\b/iu,
      { style: 'realistic' },
    ],
    [
      /(?:二维)?(?:动画|卡通|手绘)风格?的?|\b(?:2-?d |hand-drawn )?(?:cartoon|animated|animation)[- ](?:look|style)\b/iu,
      { style: 'animation' },
    ],
    [/(?:3-?d|三维)(?:风格?|渲染)的?|\b3-?d (?:look|style|render(?:ing|ed)?)\b/iu, { style: '3d' }],
    [/极简(?:风格?)?的?|\bminimal(?:ist)?(?: (?:look|style))\b/iu, { style: 'minimal' }],
    [
      /复古(?:胶片)?(?:风格?)?的?|\b(?:vintage|retro)(?: (?:film|look|style))+\b/iu,
      { style: 'vintage' },
    ],
    [/科技(?:感|风格?)的?|\b(?:high-?)?tech (?:look|style)\b/iu, { style: 'tech' }],
  ],
  [
    [/暖色?调的?|\bwarm (?:colou?rs?|tones?)\b/iu, { tone: 'warm' }],
    [/冷色?调的?|\bcool (?:colou?rs?|tones?)\b/iu, { tone: 'cool' }],
    [/暗调的?|\bdark tones?\b/iu, { tone: 'dark' }],
    [/(?:色彩)?鲜艳的?|\bvivid (?:colou?rs?|tones?)\b/iu, { tone: 'vivid' }],
    [/霓虹(?:色调|风格?)的?|\bneon (?:colou?rs?|tones?|look|style)\b/iu, { tone: 'neon' }],
  ],
  [
    [/快节奏的?|节奏(?:要)?(?:快|明快)(?:一?点)?的?|\bfast[- ]paced?\b/iu, { pace: 'fast' }],
    [
      /慢节奏的?|节奏(?:要)?(?:慢|舒缓)(?:一?点)?的?|\b(?:slow|calm)[- ]paced?\b/iu,
      { pace: 'calm' },
    ],
  ],
  [
    [
      /(?:加|用)黑边|模糊背景|不要?裁[切剪]|\b(?:with (?:black )?bars|(?:don['’]?t|do not|without) crop(?:ping)?|pad(?: it|ded)?)\b/iu,
      { fit: 'pad' },
    ],
  ],
];

const takes =
  /(?<zh>[两二三四]|[2-4])\s*个?(?:不同的?)?版本(?:的|供我?挑选?)?|\b(?<en>two|three|four|[2-4]) (?:different )?(?:versions|takes|variants|variations)(?: of(?: (?:it|this|that))?)?\b/iu;

/** Takes these words out of a clause. */
export function takeLook(clause: string): {
  readonly look: Look;
  readonly takes: number | null;
  readonly rest: string;
} {
  let rest = clause;
  const look: Look = {};
  for (const group of groups) {
    const found = group.find(([pattern]) => pattern.test(rest));
    if (!found) continue;
    Object.assign(look, found[1]);
    rest = rest.replace(found[0], ' ');
  }
  const hit = takes.exec(rest)?.groups;
  if (!hit) return { look, takes: null, rest };
  const count = readNumber(hit['zh'] ?? hit['en'] ?? '');
  return { look, takes: count, rest: rest.replace(takes, ' ') };
}
