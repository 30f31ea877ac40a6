import { z } from 'zod';

import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import type { LanguageModel } from '../ports/language-model.ts';
import { isIn, languageOf } from '../text-language.ts';
import { plainText, untrusted, untrustedRule } from '../untrusted.ts';
import { fitLine, lineRoom } from './line.ts';
import { hasLines, lookOf } from './options.ts';
import { planByRules, type Brief } from './plan-by-rules.ts';
import type { PlannedShot } from './plan.ts';
import { composePrompt, cutText } from './shot-prompt.ts';

/** A plan, shot by shot, and who drew it up. */
type Storyboard = {
  readonly shots: readonly PlannedShot[];
  readonly plannedBy: 'model' | 'rules';
};

/** A person waits for the plan: the rules take over from a model that is silent for longer. */
const patienceMs = 30_000;

/** The storyboard of the language model; that of the rules when it stays away, refuses or brings nothing usable. */
export async function drawStoryboard(context: Context, brief: Brief): Promise<Storyboard> {
  const model = context.ports.languageModel;
  if (!model) return { shots: planByRules(brief), plannedBy: 'rules' };
  const late = AbortSignal.timeout(patienceMs);
  try {
    const signal = AbortSignal.any([context.signal, late]);
    return { shots: await askModel(model, brief, signal), plannedBy: 'model' };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!isFault(error) && !late.aborted) throw error;
    context.log.warn({ err: error }, 'the model stays away; the rules plan');
    return { shots: planByRules(brief), plannedBy: 'rules' };
  }
}

/** Longest texts that are taken over, in characters. */
const limits = { subject: 120, palette: 120, picture: 320, camera: 120, continuity: 160 } as const;

const shotSchema = z.strictObject({
  picture: z
    .string()
    .describe('What is seen and what happens, one sentence of 60 to 240 characters'),
  camera: z.string().describe('Frame and movement of the camera, 20 to 80 characters'),
  continuity: z
    .string()
    .describe('What stays the same as in the shot before, 20 to 100 characters'),
});
const shotWithLine = shotSchema.extend({
  line: z.string().describe('One short sentence that is shown or spoken during the shot'),
});

type Answer = {
  readonly subject: string;
  readonly palette: string;
  readonly shots: readonly (z.output<typeof shotSchema> & { readonly line?: string })[];
};

async function askModel(
  model: LanguageModel,
  brief: Brief,
  signal: AbortSignal,
): Promise<PlannedShot[]> {
  const { prompt, options, clips } = brief;
  const language = languageOf(prompt);
  const isLined = hasLines(options);
  const tongue = language === 'zh' ? 'Simplified Chinese' : 'English';
  const look = lookOf(options, language);
  const seconds = clips.reduce((sum, { keepSeconds }) => sum + keepSeconds, 0);
  const answer = await model.generate(
    {
      instructions: [
        `You draw up storyboards for text-to-video models, in ${tongue}.`,
        'Name one subject and one palette; both stay the same in every shot.',
        'Each shot is one continuous picture that differs from all others: what is seen, how the camera moves, and what ties it to the shot before.',
        'The first shot hooks at once, the last one closes the story. Keep to what the wish shows; no writing in the picture, and no shape of the picture: it is chosen apart.',
        ...(isLined
          ? [
              'Each shot has a line that can be said while it lasts; the lines together tell the story.',
            ]
          : []),
        untrustedRule,
      ].join(' '),
      prompt: [
        `A video of ${Math.round(seconds)} seconds in exactly ${clips.length} ${clips.length === 1 ? 'shot' : 'shots'}.`,
        ...clips.map(({ keepSeconds }, index) =>
          describeClip(index, keepSeconds, isLined, language),
        ),
        ...(look ? [`Look: ${look}.`] : []),
        untrusted('prompt', prompt, 500),
      ].join('\n'),
      schema: answerSchema(brief, isLined),
      maxOutputTokens: 4000,
    },
    signal,
  );
  return toShots(answer, brief);
}

function describeClip(index: number, seconds: number, isLined: boolean, language: 'en' | 'zh') {
  const { words, han } = lineRoom(seconds);
  const room = language === 'zh' ? `${han} characters` : `${words} words`;
  return `Shot ${index + 1}: ${seconds} seconds${isLined ? `, a line of at most ${room}` : ''}.`;
}

/** The shape of the answer, with everything that JSON Schema cannot say. */
function answerSchema({ prompt, clips }: Brief, isLined: boolean): z.ZodType<Answer> {
  const language = languageOf(prompt);
  const shots = z.array(isLined ? shotWithLine : shotSchema).length(clips.length);
  return z
    .strictObject({
      subject: z.string().describe('The one subject, in 3 to 15 words'),
      palette: z.string().describe('Colours and light of the whole video, in 3 to 12 words'),
      shots: shots.describe(`Exactly ${clips.length}`),
    })
    .superRefine((answer, issues) => {
      const pictures = answer.shots.map(({ picture }) => plainText(picture, limits.picture));
      const refuse = (message: string, index: number) =>
        issues.addIssue({ code: 'custom', message, path: ['shots', index, 'picture'] });
      for (const [index, picture] of pictures.entries()) {
        if (Array.from(picture).length < 8) refuse('says too little', index);
        else if (!isIn(language, picture)) refuse('is in the wrong language', index);
        else if (pictures.indexOf(picture) < index) refuse('is that of another shot', index);
      }
    });
}

function toShots(answer: Answer, { prompt, options, model, clips }: Brief): PlannedShot[] {
  const language = languageOf(prompt);
  const look = lookOf(options, language);
  const clean = (text: string, max: number) => cutText(plainText(text, 2 * max), max);
  const subject = clean(answer.subject, limits.subject);
  const palette = clean(answer.palette, limits.palette);
  return clips.map((clip, index) => {
    const shot = answer.shots[index];
    if (!shot) throw new Error('the storyboard has fewer shots than clips');
    const picture = clean(shot.picture, limits.picture);
    const camera = clean(shot.camera, limits.camera);
    const ties = clips.length === 1 ? '' : clean(shot.continuity, limits.continuity);
    const common =
      language === 'zh'
        ? `主体：${subject}；色调：${palette}`
        : `Subject: ${subject}; palette: ${palette}`;
    const continuity = ties ? `${common}${language === 'zh' ? '；' : '; '}${ties}` : common;
    return {
      ...clip,
      prompt: composePrompt({ picture, camera, continuity, look }, model.promptMax),
      picture,
      camera,
      line: shot.line === undefined ? null : fitLine(plainText(shot.line, 300), clip.keepSeconds),
    };
  });
}
