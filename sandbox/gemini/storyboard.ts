import { hashOf, readMaterial, type Language } from './material.ts';
import type { Question } from './request.ts';
import type { Shape } from './wire.ts';

/** Whether a storyboard is asked for: one subject, one palette, a list of shots. */
export const asksForStoryboard = ({ properties }: Shape): boolean =>
  ['subject', 'palette', 'shots'].every((name) => properties?.[name] !== undefined);

type Bank = {
  readonly palettes: readonly string[];
  readonly pictures: readonly string[];
  readonly cameras: readonly string[];
  readonly ties: readonly string[];
  readonly lines: readonly string[];
};

/** {t}: the subject. Each list tells in order; a longer storyboard goes on in another light. */
const banks: Readonly<Record<Language, Bank>> = {
  en: {
    palettes: [
      'deep blue shadows, warm amber highlights',
      'soft morning light, muted greens and cream',
      'crisp daylight, clean white and one red accent',
    ],
    pictures: [
      'Out of the blur, all at once and very close: {t}',
      'From further away, small between its surroundings: {t}',
      'One tiny detail that trembles and catches the light: {t}',
      'Something crosses the way and everything pauses: {t}',
      'Faster than before, drops and dust flying past: {t}',
      'Upside down in a reflection until the surface breaks: {t}',
      'From behind, on the way to the brightest spot: {t}',
      'Two hands come close and stop just before touching: {t}',
      'A slow turn to the side that nobody has seen yet: {t}',
      'Everything comes to rest in the last light: {t}',
    ],
    cameras: [
      'Fast push-in to a close-up, eye level',
      'Wide shot, smooth tracking from the side',
      'Macro lens, locked off, shallow depth of field',
      'Low angle, slow tilt upwards',
      'Handheld, following close behind',
      'Top view, slow quarter turn',
      'Long lens, slow pan from left to right',
    ],
    ties: [
      'The same subject, unchanged in form and colour',
      'The same place, a moment later',
      'Light from the same side as before',
    ],
    lines: [
      'Look closely.',
      'It begins quietly.',
      'Every detail counts.',
      'Then something changes.',
      'There is no way back.',
      'Nobody saw it coming.',
      'One more step.',
      'Now it is close.',
      'This is the moment.',
      'And it stays with you.',
    ],
  },
  zh: {
    palettes: ['深蓝暗部，琥珀色高光', '清晨柔光，浅绿与米白', '明亮日光，纯白配一点红'],
    pictures: [
      '从虚焦中突然显现，近在眼前：{t}',
      '从远处望去，在四周之中显得很小：{t}',
      '最细小的一处微微颤动，捕捉到光线：{t}',
      '有什么从前方掠过，一切停了一瞬：{t}',
      '比之前更快，水珠与尘粒从旁飞过：{t}',
      '倒影中上下颠倒，直到水面破碎：{t}',
      '从背后望去，朝着最亮的地方：{t}',
      '一双手靠近，在触碰之前停住：{t}',
      '缓缓转向从未见过的一面：{t}',
      '一切归于平静，停在最后的光里：{t}',
    ],
    cameras: [
      '快速推近到特写，平视',
      '全景，从侧面平稳跟拍',
      '微距固定镜头，浅景深',
      '低角度，缓慢上摇',
      '手持，紧跟其后',
      '俯拍，缓缓转动四分之一圈',
      '长焦，从左到右慢摇',
    ],
    ties: ['同一主体，形状与颜色不变', '同一地点，片刻之后', '光线方向与之前相同'],
    lines: [
      '仔细看。',
      '一切悄悄开始。',
      '每个细节都重要。',
      '然后，变化来了。',
      '已经没有退路。',
      '谁也没想到。',
      '再往前一步。',
      '现在近了。',
      '就是这一刻。',
      '它留在心里。',
    ],
  },
};

const lights: Readonly<Record<Language, readonly string[]>> = {
  en: ['', ' at first light', ' in the blue hour', ' under passing clouds'],
  zh: ['', '，晨光初现', '，蓝调时刻', '，云影掠过'],
};

type Shot = {
  readonly picture: string;
  readonly camera: string;
  readonly continuity: string;
  readonly line?: string;
};
type Storyboard = {
  readonly subject: string;
  readonly palette: string;
  readonly shots: readonly Shot[];
};

/** A storyboard of as many shots as are asked for, all different, about the subject of the wish. */
export function writeStoryboard(question: Question, shape: Shape): Storyboard {
  const { topic: named, language } = readMaterial(question.instructions, question.material);
  const topic = named.replace(/^(?:A|An|The)(?= )/u, (article) => article.toLowerCase());
  const shots = shape.properties?.['shots'] ?? {};
  const count = shots.minItems ?? countTold(question.material) ?? 3;
  const isLined = shots.items?.properties?.['line'] !== undefined;
  const bank = banks[language];
  const seed = hashOf(question.material);
  const fill = (list: readonly string[], index: number) =>
    (list[index % list.length] ?? '').replaceAll('{t}', topic);
  return {
    subject: wholeWish(question.material) ?? topic,
    palette: fill(bank.palettes, seed),
    shots: Array.from({ length: count }, (_, index) => {
      const isLast = index === count - 1 && count > 1;
      const told = isLast ? bank.pictures.length - 1 : index % (bank.pictures.length - 1);
      const round = isLast ? 0 : Math.floor(index / (bank.pictures.length - 1));
      const light = lights[language][round % lights[language].length] ?? '';
      const end = language === 'zh' ? '。' : '.';
      return {
        picture: `${fill(bank.pictures, told)}${light}${end}`,
        camera: `${fill(bank.cameras, index)}${end}`,
        continuity: `${fill(bank.ties, index)}${end}`,
        ...(isLined ? { line: fill(bank.lines, isLast ? bank.lines.length - 1 : index) } : {}),
      };
    }),
  };
}

/** The wish between its marks, at most a hundred characters of it. */
function wholeWish(text: string): string | null {
  const wish = /<\w+[^<>]*\bprompt\b[^<>]*>(?<wish>[^<]+)/u.exec(text)?.groups?.['wish']?.trim();
  if (!wish) return null;
  return wish.length <= 100 ? wish : wish.slice(0, 100).replace(/\s\S*$/u, '');
}

const countTold = (text: string): number | null => {
  const told = /exactly (\d{1,3}) shots?/u.exec(text)?.[1];
  return told === undefined ? null : Number(told);
};
