import type { Locale } from '../messages/catalogue.ts';

type Both = Readonly<Record<Locale, string>>;

/** A prompt to start from; the part in square brackets is for the person to fill in. */
export type PromptTemplate = { readonly id: string; readonly title: Both; readonly text: Both };

/** The templates in the order in which they are offered. */
export const promptTemplates: readonly PromptTemplate[] = [
  {
    id: 'product',
    title: { en: 'Product close-up', zh: '产品特写' },
    text: {
      en: 'Close-up of [your product] turning slowly on a dark reflective surface, soft rim light, drops of water, smooth camera push-in, premium commercial look.',
      zh: '【你的产品】在深色反光台面上缓缓旋转的特写，柔和的轮廓光勾勒出质感，细小水珠缓慢滑落，镜头平稳推进，背景干净，整体呈现高级商业广告风格，最后定格在产品正面。',
    },
  },
  {
    id: 'explainer',
    title: { en: 'Three facts', zh: '三个知识点' },
    text: {
      en: 'Three quick scenes that explain [your topic]: a surprising opening image, a simple visual comparison, a clear closing picture. Bright colours, brisk rhythm, clean shapes.',
      zh: '用三个快节奏画面讲清【你的主题】：开场是一个令人意外的画面，中间用简单直观的对比说明原因，结尾给出一个清晰有力的答案。色彩明亮，图形简洁，转场干脆利落，全程不出现文字。',
    },
  },
  {
    id: 'story',
    title: { en: 'A small story', zh: '微故事' },
    text: {
      en: '[Your hero] finds something unexpected on an ordinary morning; curiosity, a small chase, a warm ending. Cinematic light, handheld camera, shallow depth of field.',
      zh: '【你的主角】在一个平常的清晨发现了意想不到的东西：先是好奇，然后一路追寻，最后迎来温暖的结局。电影感光影，手持镜头跟随，浅景深，晨光色调，节奏由慢到快再归于平静。',
    },
  },
  {
    id: 'place',
    title: { en: 'Place in a day', zh: '城市一天' },
    text: {
      en: 'One day in [your place]: misty dawn from a drone, busy streets at noon, neon reflections at night. Time-lapse passages, smooth transitions, rich colours.',
      zh: '【你的城市】的一天：航拍薄雾中的黎明，正午热闹的街道与行人，傍晚金色的天际线，夜里雨后地面的霓虹倒影。穿插延时摄影，转场流畅自然，色彩浓郁，结尾停在万家灯火的全景。',
    },
  },
  {
    id: 'satisfying',
    title: { en: 'Satisfying loop', zh: '解压循环' },
    text: {
      en: 'An endlessly satisfying loop of [your material] being cut, poured and folded in slow motion, macro lens, pastel palette, seamless ending that meets the beginning.',
      zh: '【你的材料】被切开、倾倒、折叠的解压慢动作循环，微距镜头呈现细腻纹理，柔和的马卡龙配色，光线均匀干净，动作连贯流畅，结尾画面与开头无缝衔接，可以一直循环观看。',
    },
  },
];
