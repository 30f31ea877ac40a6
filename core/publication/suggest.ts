import { z } from 'zod';

import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { catalogue, type Locale } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { plainText, untrusted, untrustedRule } from '../untrusted.ts';
import { readVideo } from '../video/show.ts';
import { fittingTags, youtubeLimits } from './limits.ts';

const answerSchema = z.object({
  titles: z
    .array(z.string())
    .describe(
      '3 titles of 50 to 100 characters, each with a number or a question and 1 to 2 keywords',
    ),
  description: z.string().describe('Description of 300 to 500 characters, plain text, no links'),
  hashtags: z.array(z.string()).describe('3 to 5 hashtags'),
  tags: z.array(z.string()).describe('10 to 15 tags'),
});

type Texts = {
  readonly titles: string[];
  readonly description: string;
  readonly tags: string[];
  readonly writtenBy: 'model' | 'rules';
};

export const publicationSuggest = defineOperation({
  name: 'publication_suggest',
  summary: {
    en: 'Suggest titles, description and tags for a video.',
    zh: '为视频推荐标题、描述和标签。',
  },
  guidance: 'Let the person pick and change them, then pass them to publication_create.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({ video: z.string().min(1).describe('Id of the video') }),
  output: z.object({
    titles: z.array(z.string()).length(3),
    description: z.string(),
    tags: z.string().describe('Comma-separated'),
    written_by: z.enum(['model', 'rules']),
  }),
  async run({ video: id }, context) {
    const { prompt, seconds } = await readVideo(context, id);
    const texts = (await askModel(context, prompt, seconds)) ?? writeByRules(prompt, seconds);
    const { titles, description, tags, writtenBy } = texts;
    return { titles, description, tags: tags.join(', '), written_by: writtenBy };
  },
  say: ({ titles }, locale) =>
    catalogue(locale).say.publication_suggest({ title: titles[0] ?? '' }),
});

const languageOf = (text: string): Locale => (/\p{Script=Han}/u.test(text) ? 'zh' : 'en');

async function askModel(context: Context, prompt: string, seconds: number): Promise<Texts | null> {
  const model = context.ports.languageModel;
  if (!model) return null;
  const language = languageOf(prompt) === 'zh' ? 'Simplified Chinese' : 'English';
  try {
    const answer = await model.generate(
      {
        instructions: `You write titles, descriptions and tags for YouTube Shorts, in ${language}. ${untrustedRule}`,
        prompt: `A video of ${seconds} seconds.\n${untrusted('video', prompt, 500)}`,
        schema: answerSchema,
        maxOutputTokens: 3000,
      },
      context.signal,
    );
    return repair(answer, writeByRules(prompt, seconds));
  } catch (error) {
    if (!isFault(error)) throw error;
    context.log.warn({ err: error }, 'the model stays away; the rules suggest');
    return null;
  }
}

/** Brings an answer within YouTube's limits; what is missing is filled in by the rules. */
function repair(answer: z.infer<typeof answerSchema>, spare: Texts): Texts {
  const titles = answer.titles
    .map((title) => plainText(title, youtubeLimits.titleCharacters).replaceAll(/[<>]/g, ''))
    .filter(Boolean);
  const hashtags = answer.hashtags.map(hashtagOf).filter(Boolean).slice(0, 5);
  const description = plainText(answer.description, 1200).replaceAll(/[<>]/g, '');
  const tags = answer.tags
    .map((tag) => plainText(tag, 30).replaceAll(/[<>,#]/g, ''))
    .filter(Boolean);
  return {
    titles: [...new Set([...titles, ...spare.titles])].slice(0, 3),
    description: `${description || spare.description}\n\n${hashtags.join(' ')}`.trim(),
    tags: fittingTags([...new Set(tags.length > 0 ? tags : spare.tags)], 15),
    writtenBy: 'model',
  };
}

const hashtagOf = (text: string): string => {
  const word = plainText(text, 30).replaceAll(/[^\p{L}\p{N}_]/gu, '');
  return word ? `#${word}` : '';
};

/** Serviceable texts without a model, drawn from the prompt. */
function writeByRules(prompt: string, seconds: number): Texts {
  const zh = languageOf(prompt) === 'zh';
  const topic = plainText(prompt, 60).replaceAll(/[<>]/g, '');
  const titles = zh
    ? [`${seconds} 秒看懂：${topic}`, `你真的了解吗？${topic}`, `3 个镜头告诉你：${topic}`]
    : [
        `${topic} in ${seconds} seconds`,
        `Did you know? ${topic}`,
        `3 shots that show it: ${topic}`,
      ];
  const words = [
    ...new Set(topic.split(/[\s，。、,.:：;；!?！？]+/u).filter((word) => word.length > 1)),
  ];
  const tags = fittingTags(
    [...words.slice(0, 10), 'shorts', zh ? '短视频' : 'short video', 'AI'],
    15,
  );
  const description = plainText(prompt, 400).replaceAll(/[<>]/g, '');
  return {
    titles: titles.map((title) => plainText(title, youtubeLimits.titleCharacters)),
    description: `${description}\n\n#shorts #AI`,
    tags,
    writtenBy: 'rules',
  };
}
