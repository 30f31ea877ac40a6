import type { LanguageModelV4 } from '@ai-sdk/provider';
import type * as Ai from 'ai';

import { Fault } from '../fault.ts';
import type { ChatModel } from '../ports/chat-model.ts';
import { apiBase, provider, toFault, type GeminiSettings } from './gemini-errors.ts';

type Sdk = Pick<typeof Ai, 'APICallError' | 'RetryError' | 'AISDKError'> & {
  readonly model: LanguageModelV4;
};

/** Gemini as a model that talks and calls tools. `now` tells how long a daily quota lasts. */
export function createGeminiChat(settings: GeminiSettings, now?: () => Date): ChatModel {
  let loading: Promise<Sdk> | null = null;
  let loaded: Sdk | null = null;
  return {
    async open() {
      loading ??= loadSdk(settings);
      loaded = await loading;
      return loaded.model;
    },
    toFault: (error) => (loaded ? faultOf(loaded, error, now) : null),
  };
}

async function loadSdk({ key, url, model }: GeminiSettings): Promise<Sdk> {
  const [ai, { createGoogle }] = await Promise.all([import('ai'), import('@ai-sdk/google')]);
  // Nobody acts on these warnings, and they would stand between a person's lines.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const google = createGoogle({ apiKey: key, baseURL: apiBase(url) });
  const { APICallError, RetryError, AISDKError } = ai;
  return { APICallError, RetryError, AISDKError, model: google(model) };
}

function faultOf(sdk: Sdk, thrown: unknown, now: (() => Date) | undefined): Fault | null {
  if (thrown instanceof Fault) return thrown;
  const error = sdk.RetryError.isInstance(thrown) ? thrown.lastError : thrown;
  const busy = () => new Fault('provider_busy', provider, { cause: error });
  // A line that breaks in the middle of an answer is told as a bad answer, with the reason inside.
  if (isSilence(error) || (error instanceof Error && isSilence(error.cause))) return busy();
  if (sdk.APICallError.isInstance(error)) return toFault(error, now);
  // What the SDK could not read is an answer that Gemini spoiled.
  if (sdk.AISDKError.isInstance(error))
    return new Fault('provider_failed', provider, { cause: error });
  return null;
}

/** Whether a call was given up because nothing came, or the line broke while it came. */
const isSilence = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' ||
    (error instanceof TypeError && /fetch failed|terminated|network/iu.test(error.message)));
