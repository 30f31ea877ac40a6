import type { GoogleProvider } from '@ai-sdk/google';
import type * as Ai from 'ai';
import type { z } from 'zod';

import { Fault } from '../fault.ts';
import type { LanguageModel, ModelRequest } from '../ports/language-model.ts';
import { apiBase, provider, toFault, type GeminiSettings } from './gemini-errors.ts';

type Sdk = Pick<
  typeof Ai,
  'generateText' | 'Output' | 'APICallError' | 'NoObjectGeneratedError' | 'NoOutputGeneratedError'
> & { readonly google: GoogleProvider };

type Attempt<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'misfit'; readonly text: string; readonly problem: string };

/** As much of a wrong answer as goes back with the request to repair it. */
const longestEcho = 8000;

/**
 * Gemini through the AI SDK, live or against the emulator. Each request is made once; only an
 * answer that does not fit is asked for a second time. `now` tells how long a daily quota lasts.
 */
export function createGemini(settings: GeminiSettings, now?: () => Date): LanguageModel {
  let loading: Promise<Sdk> | null = null;
  const load = () => (loading ??= loadSdk(settings));
  return {
    async generate<T>(request: ModelRequest<T>, signal: AbortSignal): Promise<T> {
      const sdk = await load();
      const ask = (repair: Attempt<T> | null) =>
        attempt(sdk, settings.model, { request, signal, repair, now });
      const first = await ask(null);
      if (first.kind === 'answer') return first.value;
      const second = await ask(first);
      if (second.kind === 'answer') return second.value;
      const cause = new Error(`no usable answer twice: ${second.problem}`);
      throw new Fault('provider_failed', provider, { cause });
    },
  };
}

async function loadSdk({ key, url }: GeminiSettings): Promise<Sdk> {
  const [ai, { createGoogle }] = await Promise.all([import('ai'), import('@ai-sdk/google')]);
  // A stdio server may print nothing but its protocol, and nobody acts on these warnings.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const google = createGoogle({ apiKey: key, baseURL: apiBase(url) });
  const { generateText, Output, APICallError, NoObjectGeneratedError, NoOutputGeneratedError } = ai;
  return {
    generateText,
    Output,
    APICallError,
    NoObjectGeneratedError,
    NoOutputGeneratedError,
    google,
  };
}

type Asking<T> = {
  readonly request: ModelRequest<T>;
  readonly signal: AbortSignal;
  readonly repair: Attempt<T> | null;
  readonly now: (() => Date) | undefined;
};

async function attempt<T>(sdk: Sdk, model: string, asking: Asking<T>): Promise<Attempt<T>> {
  const { request, signal, now } = asking;
  signal.throwIfAborted();
  try {
    const result = await sdk.generateText({
      model: sdk.google(model),
      instructions: request.instructions,
      messages: buildMessages(asking),
      output: sdk.Output.object({ schema: request.schema }),
      maxOutputTokens: request.maxOutputTokens,
      maxRetries: 0,
      abortSignal: signal,
    });
    if (result.finishReason === 'content-filter') throw new Fault('content_refused', {});
    return { kind: 'answer', value: result.output };
  } catch (error) {
    if (sdk.NoObjectGeneratedError.isInstance(error)) {
      if (error.finishReason === 'content-filter') throw new Fault('content_refused', {});
      const text = error.text ?? '';
      const isCut = error.finishReason === 'length';
      return { kind: 'misfit', text, problem: describeProblem(text, isCut, request.schema) };
    }
    if (sdk.NoOutputGeneratedError.isInstance(error)) {
      return { kind: 'misfit', text: '', problem: 'The answer was empty.' };
    }
    throw sdk.APICallError.isInstance(error) ? toFault(error, now) : error;
  }
}

function buildMessages<T>({ request, repair }: Asking<T>): Ai.ModelMessage[] {
  const question: Ai.ModelMessage = { role: 'user', content: buildContent(request) };
  if (repair?.kind !== 'misfit') return [question];
  return [
    question,
    { role: 'assistant', content: repair.text.slice(0, longestEcho) || '(nothing)' },
    {
      role: 'user',
      content: `That answer cannot be used. ${repair.problem} Answer again, whole, in the required JSON shape and nothing else.`,
    },
  ];
}

/** Nothing else is passed on, so that neither Gemini nor the SDK fetches an address from outside. */
const watchAddress = /^https:\/\/www\.youtube\.com\/watch\?v=[\w-]{11}$/u;

function buildContent<T>({ prompt, video }: ModelRequest<T>): Ai.UserContent {
  if (!video) return prompt;
  if (!watchAddress.test(video.url)) throw new Error('only a watch address of YouTube is watched');
  const videoMetadata = { startOffset: '0s', endOffset: `${video.seconds}s`, fps: 1 };
  return [
    {
      type: 'file',
      mediaType: 'video/mp4',
      data: new URL(video.url),
      providerOptions: { google: { videoMetadata } },
    },
    { type: 'text', text: prompt },
  ];
}

function describeProblem(text: string, isCut: boolean, schema: z.ZodType): string {
  if (isCut) return 'It was too long and was cut off; be more concise.';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'It is not JSON.';
  }
  const parsed = schema.safeParse(json);
  const issues = parsed.error?.issues.slice(0, 10) ?? [];
  return `It does not fit: ${issues
    .map(({ path, message }) => `${path.map(String).join('.') || 'answer'}: ${message}`)
    .join('; ')}.`;
}
