import type { Category } from '../moderation/categories.ts';
import type { FaultWords } from './en.ts';

type Refusal = {
  readonly field: string;
  readonly words: string;
  readonly category: string;
  readonly suggestion: string | null;
};

type Check = {
  readonly allowed: boolean;
  readonly words: string;
  readonly category: string | null;
  readonly suggestion: string | null;
};

const english: Readonly<Record<Category, string>> = {
  sexual_minors: 'sexual content with minors',
  sexual: 'sexual content',
  gore: 'graphic violence',
  self_harm: 'self-harm',
  weapons_drugs: 'instructions for weapons or drugs',
  hate: 'hatred of a group',
  terror: 'glorification of terror',
  harassment: 'harassment of a person',
  crime: 'illegal goods, gambling or fraud',
  deepfake: 'a false video of a real person',
};

const chinese: Readonly<Record<Category, string>> = {
  sexual_minors: '涉及未成年人的性内容',
  sexual: '色情内容',
  gore: '血腥暴力',
  self_harm: '自残或自杀',
  weapons_drugs: '武器或毒品的制作方法',
  hate: '针对群体的仇恨',
  terror: '美化恐怖主义',
  harassment: '对他人的骚扰',
  crime: '违禁品、赌博或诈骗',
  deepfake: '真实人物的虚假视频',
};

const namesEn = new Map<string, string>(Object.entries(english));
const namesZh = new Map<string, string>(Object.entries(chinese));
const inEnglish = (category: string): string => namesEn.get(category) ?? category;
const inChinese = (category: string): string => namesZh.get(category) ?? category;

export const moderationEn = {
  refused: (p: Refusal): FaultWords => ({
    message: `The text in "${p.field}" was not taken because of ${inEnglish(p.category)}${p.words === '' ? '' : `: ${p.words}`}. Nothing was charged.`,
    next:
      p.suggestion === null
        ? 'Say it in other words and send it again.'
        : `Rephrase it, for example: ${p.suggestion}`,
  }),
  checked: (p: Check): string =>
    p.allowed
      ? 'Nothing speaks against this prompt.'
      : [
          `This prompt would be refused because of ${inEnglish(p.category ?? '')}${p.words === '' ? '' : `: ${p.words}`}.`,
          p.suggestion === null ? 'Say it in other words.' : `Rephrased: ${p.suggestion}`,
        ].join(' '),
};

export const moderationZh: typeof moderationEn = {
  refused: (p) => ({
    message: `“${p.field}”中的文字未通过：${inChinese(p.category)}${p.words === '' ? '' : `（${p.words}）`}。没有产生任何费用。`,
    next: p.suggestion === null ? '请换一种说法后重新提交。' : `请改写，例如：${p.suggestion}`,
  }),
  checked: (p) =>
    p.allowed
      ? '该提示词没有问题。'
      : [
          `该提示词不会被接受：${inChinese(p.category ?? '')}${p.words === '' ? '' : `（${p.words}）`}。`,
          p.suggestion === null ? '请换一种说法。' : `可改写为：${p.suggestion}`,
        ].join(''),
};
