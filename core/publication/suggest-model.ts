import { z } from 'zod';

import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import type { LanguageModel } from '../ports/language-model.ts';
import { untrusted, untrustedRule } from '../untrusted.ts';
import type { SuggestBrief } from './suggest-brief.ts';
import { askedLength } from './suggest-description.ts';

/** What a model has written; nothing in it is within any bounds yet. */
export type WrittenTexts = {
  readonly titles: readonly string[];
  readonly description: string;
  readonly hashtags: readonly string[];
  readonly tags: readonly string[];
  readonly chapters?: readonly string[] | undefined;
};

/** A person waits for the texts: the rules take over from a model that is silent for longer. */
const patienceMs = 30_000;

/** The texts of the language model, in one call; null when it stays away. */
export async function askModel(
  context: Context,
  brief: SuggestBrief,
): Promise<WrittenTexts | null> {
  const model = context.ports.languageModel;
  if (!model) return null;
  const late = AbortSignal.timeout(patienceMs);
  try {
    return await generate(model, brief, AbortSignal.any([context.signal, late]));
  } catch (error) {
    context.signal.throwIfAborted();
    if (!isFault(error) && !late.aborted) throw error;
    context.log.warn({ err: error }, 'the model stays away; the rules suggest');
    return null;
  }
}

function generate(
  model: LanguageModel,
  brief: SuggestBrief,
  signal: AbortSignal,
): Promise<WrittenTexts> {
  const { prompt, seconds, shots, language, trendWords } = brief;
  const name = language === 'zh' ? 'Simplified Chinese' : 'English';
  return model.generate(
    {
      instructions: [
        `You write titles, descriptions and tags for videos on YouTube, in ${name}.`,
        'Say only what the video shows; promise nothing that cannot be known, such as views or prizes.',
        'No links, no mentions, no angle brackets, no Markdown, no emoji but one where it fits the subject.',
        'The description begins with a plain introduction of the video and holds no times, hashtags or links: they are added to it.',
        untrustedRule,
      ].join(' '),
      prompt: [
        `A video of ${seconds} seconds in ${shots} ${shots === 1 ? 'shot' : 'shots'}, made with AI.`,
        untrusted('video', prompt, 500),
        ...(trendWords.length > 0 ? [untrusted('keywords', trendWords.join(', '), 200)] : []),
      ].join('\n'),
      schema: answerSchema(brief),
      maxOutputTokens: 3000,
    },
    signal,
  );
}

/** The shape of the answer; its bounds are told in words and kept by the repair. */
function answerSchema(brief: SuggestBrief): z.ZodType<WrittenTexts> {
  const { low, high } = askedLength(brief);
  const count = brief.chapters.length;
  const texts = z.strictObject({
    titles: z
      .array(z.string())
      .describe(
        '3 titles of 50 to 100 characters, each with a number or a question and 1 to 2 keywords of the video',
      ),
    description: z.string().describe(`${low} to ${high} characters`),
    hashtags: z.array(z.string()).describe('3 to 5 hashtags of at most 20 characters'),
    tags: z.array(z.string()).describe('10 to 15 tags of at most 30 characters'),
  });
  if (count === 0) return texts;
  const chapters = z
    .array(z.string())
    .describe(`Exactly ${count} names of 6 to 24 characters, in order, one for each part`);
  return texts.extend({ chapters });
}
