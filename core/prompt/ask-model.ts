import { z } from 'zod';

import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { untrusted, untrustedRule } from '../untrusted.ts';
import type { Material } from './material.ts';
import {
  fitPrompt,
  isUsable,
  measurePrompt,
  promptLimits,
  runsOf,
  type Measured,
  type Surroundings,
} from './measure.ts';

/** How often a version that is too close to something is written anew. */
const mostRewrites = 2;

const answerSchema = z.object({
  prompt: z.string().describe('The video prompt: 100 to 300 characters, plain text, no links'),
});

/**
 * The versions that the model has written, the last one first to be within the limits, or else all
 * that it was asked for; what is no prompt is left out, and a model that stays away ends it.
 */
export async function askModel(
  context: Context,
  material: Material,
  surroundings: Surroundings,
): Promise<Measured[]> {
  const versions: Measured[] = [];
  let problem: Problem | null = null;
  for (let turn = 0; turn <= mostRewrites; turn += 1) {
    const answer = await askOnce(context, material, problem);
    if (answer === null) return versions;
    const prompt = fitPrompt(answer);
    // A model that writes no prompt at all has been told everything that could help.
    if (!isUsable(prompt, material.language, surroundings)) return versions;
    const measured = measurePrompt(prompt, surroundings);
    versions.push(measured);
    if (measured.tooCloseTo.length === 0) return versions;
    problem = describeProblem(measured, turn + 1, surroundings);
  }
  return versions;
}

/** What the model is told about the version before, and the words at fault, which are data. */
type Problem = { readonly instructions: string; readonly material: readonly string[] };

function describeProblem(version: Measured, rewrite: number, around: Surroundings): Problem {
  const { tooCloseTo, mostLike } = version;
  const isCopy = tooCloseTo.includes('source');
  const earlier = tooCloseTo.includes('own_videos')
    ? around.videos.find(({ id }) => id === mostLike)
    : undefined;
  return {
    instructions: [
      `This is rewrite ${rewrite} of at most ${mostRewrites}: the version before could not be used.`,
      ...(isCopy
        ? ['It repeated the words of the material; nothing marked "copied" may appear again.']
        : []),
      ...(earlier
        ? [
            'It was like an earlier video of this person, marked "earlier": choose another scene, other actions and other details.',
          ]
        : []),
    ].join(' '),
    material: [
      ...(isCopy ? runsOf(version, around).map((run) => untrusted('copied', run, 200)) : []),
      ...(earlier ? [untrusted('earlier', earlier.prompt.folded, 500)] : []),
    ],
  };
}

/** What the model says, as it says it; null when it stays away. */
async function askOnce(
  context: Context,
  material: Material,
  problem: Problem | null,
): Promise<string | null> {
  const model = context.ports.languageModel;
  if (!model) return null;
  try {
    const { prompt } = await model.generate(
      {
        instructions: [instructionsFor(material), ...(problem ? [problem.instructions] : [])].join(
          ' ',
        ),
        prompt: [...linesOf(material), ...(problem?.material ?? [])].join('\n'),
        schema: answerSchema,
        maxOutputTokens: 1000,
      },
      context.signal,
    );
    return prompt;
  } catch (error) {
    if (!isFault(error)) throw error;
    context.log.warn({ err: error }, 'the model stays away; the rules write');
    return null;
  }
}

function instructionsFor({ language }: Material): string {
  const { askedMin, askedMax } = promptLimits;
  const name = language === 'zh' ? 'Simplified Chinese' : 'English';
  return [
    `You write prompts for text-to-video models, in ${name}, as plain text of ${askedMin} to ${askedMax} characters.`,
    'Keep the idea and the structure of the material, never its words. Name what is seen, the camera, the light and the mood, but no shape of the picture: it is chosen apart.',
    untrustedRule,
  ].join(' ');
}

function linesOf({ topic, idea, seconds, analysis }: Material): string[] {
  const { attraction = null, factors = [], hook = null, pacing = null } = analysis ?? {};
  return [
    `Length of the new video: ${seconds} seconds.`,
    untrusted('title', topic, 200),
    ...(attraction ? [untrusted('attraction', attraction, 400)] : []),
    ...(factors.length > 0 ? [untrusted('factors', factors.join(', '), 200)] : []),
    ...(hook ? [untrusted('hook', hook, 200)] : []),
    ...(pacing ? [untrusted('pacing', pacing, 200)] : []),
    ...(idea ? [untrusted('wish', idea, 500)] : []),
  ];
}
