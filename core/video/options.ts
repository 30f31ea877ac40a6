import { z } from 'zod';

import type { Locale } from '../messages/catalogue.ts';

/** What a person chooses about a video beside its prompt, model, length and shape; `auto` is as the prompt says. */
export const optionsSchema = z.object({
  style: z.enum([
    'auto',
    'realistic',
    'cinematic',
    'animation',
    '3d',
    'minimal',
    'vintage',
    'tech',
  ]),
  tone: z.enum(['auto', 'natural', 'warm', 'cool', 'vivid', 'dark', 'pastel', 'neon']),
  pace: z.enum(['calm', 'steady', 'fast']),
  /** How a shape that the model does not make comes about. */
  fit: z.enum(['crop', 'pad']),
  /** Whether a line is shown with each shot. */
  captions: z.boolean(),
  /** Who speaks a line over each shot. */
  voice: z.enum(['off', 'female', 'male']),
});
export type VideoOptions = z.output<typeof optionsSchema>;

export const usualOptions = {
  style: 'auto',
  tone: 'auto',
  pace: 'steady',
  fit: 'crop',
  captions: false,
  voice: 'off',
} as const satisfies VideoOptions;

const { shape } = optionsSchema;

/** As a row keeps them; one that was written before there were options has the usual ones. */
export const storedOptions = z.object({
  style: shape.style.default(usualOptions.style),
  tone: shape.tone.default(usualOptions.tone),
  pace: shape.pace.default(usualOptions.pace),
  fit: shape.fit.default(usualOptions.fit),
  captions: shape.captions.default(usualOptions.captions),
  voice: shape.voice.default(usualOptions.voice),
});

/** What was chosen, with the usual choice for the rest; other fields are passed over. */
export const optionsOf = (chosen: {
  readonly [K in keyof VideoOptions]?: VideoOptions[K] | undefined;
}): VideoOptions => storedOptions.parse(chosen);

/** Whether each shot has a line, to be shown or spoken. */
export const hasLines = ({ captions, voice }: VideoOptions): boolean => captions || voice !== 'off';

type Both = Readonly<Record<Locale, string>>;
const none: Both = { en: '', zh: '' };

const styleWords: Readonly<Record<VideoOptions['style'], Both>> = {
  auto: none,
  realistic: { en: 'photorealistic, natural detail', zh: '写实风格，细节自然' },
  cinematic: { en: 'cinematic film look, shallow depth of field', zh: '电影质感，浅景深' },
  animation: { en: 'hand-drawn 2D animation', zh: '手绘二维动画' },
  '3d': { en: 'polished 3D render', zh: '精致的三维渲染' },
  minimal: { en: 'minimalist, plain shapes, much empty space', zh: '极简风格，造型简洁，大量留白' },
  vintage: { en: 'vintage film, fine grain', zh: '复古胶片，细腻颗粒' },
  tech: { en: 'sleek modern technology look', zh: '现代科技感，线条利落' },
};

const toneWords: Readonly<Record<VideoOptions['tone'], Both>> = {
  auto: none,
  natural: { en: 'natural colours', zh: '自然色调' },
  warm: { en: 'warm golden colours', zh: '温暖的金色调' },
  cool: { en: 'cool blue colours', zh: '清冷的蓝色调' },
  vivid: { en: 'vivid saturated colours', zh: '鲜艳饱满的色彩' },
  dark: { en: 'dark, low-key light', zh: '暗调，低光照明' },
  pastel: { en: 'soft pastel colours', zh: '柔和的粉彩色调' },
  neon: { en: 'blue and purple neon light', zh: '蓝紫色霓虹光' },
};

const paceWords: Readonly<Record<VideoOptions['pace'], Both>> = {
  calm: { en: 'slow, gentle movement', zh: '动作舒缓，镜头平稳' },
  steady: none,
  fast: { en: 'fast, energetic movement', zh: '节奏明快，动作有力' },
};

/** Style, tone and pace in words for a video model; empty when all are left as the prompt says. */
export function lookOf(options: VideoOptions, language: Locale): string {
  const { style, tone, pace } = options;
  return [styleWords[style], toneWords[tone], paceWords[pace]]
    .map((words) => words[language])
    .filter(Boolean)
    .join(language === 'zh' ? '，' : ', ');
}
