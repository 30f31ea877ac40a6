import { z } from 'zod';

import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { customIssue } from '../input-fault.ts';
import { catalogue, type Locale } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { readTrend } from '../trend/show.ts';
import { plainText, untrusted, untrustedRule } from '../untrusted.ts';
import { keepPrompt } from './written.ts';

/** What the provider-facing prompt must stay within, and what is asked of the model. */
const limits = { min: 10, max: 500, askedMin: 100, askedMax: 300 } as const;

const input = z
  .object({
    trend: z.string().optional().describe('Id from trend_search whose idea is taken up'),
    idea: z.string().trim().min(3).max(500).optional().describe('An idea in your own words'),
    seconds: z.literal([15, 30, 60]).default(30).describe('Length of the video in seconds'),
  })
  .superRefine((value, issues) => {
    if (!value.trend && !value.idea)
      issues.addIssue(customIssue({ problem: 'trend_or_idea', params: null }, 'trend'));
  });

const answerSchema = z.object({
  prompt: z.string().describe('The video prompt: 100 to 300 characters, plain text, no links'),
});

export const promptWrite = defineOperation({
  name: 'prompt_write',
  summary: {
    en: 'Write a prompt for a new video from a trend or an idea.',
    zh: '根据爆款或想法写出新视频的 Prompt。',
  },
  guidance: 'Show the prompt to the person, who may change it, and pass it to video_quote.',
  effect: 'write',
  audience: 'everyone',
  needs: [],
  input,
  output: z.object({
    prompt: z.string(),
    characters: z.int(),
    written_by: z.enum(['model', 'rules']),
    source: z.string().nullable().describe('The trend it takes up'),
  }),
  async run(value, context) {
    const material = await gather(context, value);
    const written = await askModel(context, material);
    const prompt = written ?? writeByRules(material);
    const { trend = null, idea = null, seconds } = value;
    await keepPrompt(context, { prompt, trend, idea, seconds });
    return {
      prompt,
      characters: Array.from(prompt).length,
      written_by: written === null ? ('rules' as const) : ('model' as const),
      source: value.trend ?? null,
    };
  },
  say: ({ prompt }, locale) => catalogue(locale).say.prompt_write({ prompt }),
});

type Material = {
  readonly topic: string;
  readonly idea: string | null;
  readonly attraction: string | null;
  readonly factors: readonly string[];
  readonly seconds: number;
  /** The language of the material, which the prompt keeps. */
  readonly language: Locale;
};

const languageOf = (text: string): Locale => (/\p{Script=Han}/u.test(text) ? 'zh' : 'en');

/** A name in the other script does not change the language of a whole prompt. */
function isIn(language: Locale, prompt: string): boolean {
  const han = prompt.match(/\p{Script=Han}/gu)?.length ?? 0;
  return han > Array.from(prompt).length / 10 === (language === 'zh');
}

async function gather(context: Context, value: z.output<typeof input>): Promise<Material> {
  const { seconds } = value;
  const idea = value.idea ?? null;
  if (!value.trend) {
    const topic = plainText(value.idea ?? '', 200);
    const language = languageOf(topic);
    return { topic, idea, attraction: null, factors: [], seconds, language };
  }
  const { row, analysis } = await readTrend(context, value.trend);
  const topic = plainText(row.title, 200);
  const language = languageOf(idea === null ? topic : plainText(idea, 200));
  return {
    topic,
    idea,
    attraction: analysis.attraction,
    factors: analysis.factors,
    seconds,
    language,
  };
}

/** The model's prompt, cleaned and within bounds; null when it stays away or brings nothing usable. */
async function askModel(context: Context, material: Material): Promise<string | null> {
  const model = context.ports.languageModel;
  if (!model) return null;
  const language = material.language === 'zh' ? 'Simplified Chinese' : 'English';
  const lines = [
    `Length of the new video: ${material.seconds} seconds.`,
    untrusted('title', material.topic, 200),
    ...(material.attraction ? [untrusted('attraction', material.attraction, 400)] : []),
    ...(material.factors.length > 0
      ? [untrusted('factors', material.factors.join(', '), 200)]
      : []),
    ...(material.idea ? [untrusted('wish', material.idea, 500)] : []),
  ];
  try {
    const { prompt } = await model.generate(
      {
        instructions: [
          `You write prompts for text-to-video models, in ${language}, as plain text of ${limits.askedMin} to ${limits.askedMax} characters.`,
          'Keep the idea and the structure of the material, never its words. Name what is seen, the camera, the light and the mood, but no shape of the picture: it is chosen apart.',
          untrustedRule,
        ].join(' '),
        prompt: lines.join('\n'),
        schema: answerSchema,
        maxOutputTokens: 1000,
      },
      context.signal,
    );
    const cleaned = shorten(plainText(prompt, 2000));
    const isUsable = Array.from(cleaned).length >= limits.min && isIn(material.language, cleaned);
    return isUsable ? cleaned : null;
  } catch (error) {
    if (!isFault(error)) throw error;
    context.log.warn({ err: error }, 'the model stays away; the rules write');
    return null;
  }
}

/** Cuts after the last sentence that fits. */
function shorten(text: string): string {
  if (Array.from(text).length <= limits.max) return text;
  const head = plainText(text, limits.max);
  const end = Math.max(...['。', '！', '. ', '! '].map((mark) => head.lastIndexOf(mark)));
  return end > limits.askedMin ? head.slice(0, end + 1).trim() : head.trim();
}

/** Calls to follow and tags, which end a title and are no part of a picture. */
const tail = /(?:\s+(?:关注|Follow (?:for|me)\b)|\s+#\S).*$|[\s.!?。！？]+$/su;

/** A prompt without a model: picture, camera and rhythm around the topic. */
function writeByRules(material: Material): string {
  const subject = material.idea ?? material.topic.replace(tail, '').replace(tail, '');
  const topic = plainText(subject, 120) || 'a fresh idea';
  const factors = material.factors.slice(0, 3);
  const text =
    material.language === 'zh'
      ? `一支 ${material.seconds} 秒的短视频，主题：${topic}。开场用特写镜头抓住注意力，随后镜头缓慢推进，依次展示三个清晰画面，${factors.length > 0 ? `突出${factors.join('、')}，` : ''}节奏紧凑，光线明亮，色调以蓝紫为主，最后定格在一个简洁有力的收尾画面。`
      : `A ${material.seconds} second short about ${topic}. It opens on a close-up that hooks at once, then the camera pushes in slowly through three clear scenes${factors.length > 0 ? ` built on ${factors.join(', ')}` : ''}, with bright light, a blue and violet palette and a brisk rhythm, and ends on one simple, strong closing image.`;
  return shorten(text);
}
