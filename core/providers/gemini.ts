import type { GoogleProvider } from '@ai-sdk/google';
import type * as Ai from 'ai';
import { z } from 'zod';
import { Fault } from '../fault.ts';
import type { LanguageModel, ModelRequest } from '../ports/language-model.ts';
import { secondsUntilPacificMidnight } from './google-quota-day.ts';

export type GeminiSettings = {
  readonly key: string;
  /** Live: https://generativelanguage.googleapis.com; `/v1beta` is appended. */
  readonly url: string;
  readonly model: string;
};

type Sdk = Pick<
  typeof Ai,
  'generateText' | 'Output' | 'APICallError' | 'NoObjectGeneratedError' | 'NoOutputGeneratedError'
> & { readonly google: GoogleProvider };

type Attempt<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'misfit'; readonly text: string; readonly problem: string };

const provider = { provider: 'Gemini' } as const;
/** When a daily quota is used up and the time is not known. */
const anHour = 3600;
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
  const google = createGoogle({ apiKey: key, baseURL: `${url.replace(/\/+$/u, '')}/v1beta` });
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
  const question: Ai.ModelMessage = { role: 'user', content: request.prompt };
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

const problemSchema = z.object({
  error: z.object({
    status: z.string().optional(),
    details: z
      .array(
        z.looseObject({
          retryDelay: z.string().optional(),
          reason: z.string().optional(),
          violations: z.array(z.looseObject({ quotaId: z.string().optional() })).optional(),
        }),
      )
      .optional(),
  }),
});
type Details = NonNullable<z.infer<typeof problemSchema>['error']['details']>;

type FailedCall = {
  readonly statusCode?: number | undefined;
  readonly responseBody?: string | undefined;
  readonly responseHeaders?: Record<string, string> | undefined;
};

/** The Fault for a failed call; Gemini's own words stay out of it. */
function toFault(error: FailedCall, now: (() => Date) | undefined): Fault {
  const { statusCode: status, responseBody = '', responseHeaders = {} } = error;
  const details = readDetails(responseBody);
  const cause = new Error(`Gemini answered ${status ?? 'nothing'}`);
  if (details.some(({ reason }) => reason === 'API_KEY_INVALID') || status === 401) {
    return new Fault('provider_locked', provider, { cause });
  }
  if (status === 403) return new Fault('provider_locked', provider, { cause });
  const isBusy = status === undefined || status === 408 || status === 429 || status >= 500;
  if (!isBusy) return new Fault('provider_failed', provider, { cause });
  const seconds = readWait(details, responseHeaders['retry-after'], now);
  const wait = seconds === undefined ? {} : { retryAfterSeconds: seconds };
  return new Fault('provider_busy', provider, { cause, ...wait });
}

function readDetails(body: string): Details {
  try {
    return problemSchema.parse(JSON.parse(body)).error.details ?? [];
  } catch {
    return [];
  }
}

/** A used-up day ends at midnight Pacific whatever RetryInfo says; else RetryInfo, else the header. */
function readWait(
  details: Details,
  header: string | undefined,
  now: (() => Date) | undefined,
): number | undefined {
  const quotas = details.flatMap(({ violations = [] }) => violations);
  if (quotas.some(({ quotaId = '' }) => quotaId.includes('PerDay'))) {
    return now ? secondsUntilPacificMidnight(now()) : anHour;
  }
  const delay = details.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay;
  const seconds = /^(?<seconds>\d+(?:\.\d+)?)s$/u.exec(delay ?? '')?.groups?.['seconds'];
  if (seconds !== undefined) return Math.ceil(Number(seconds));
  return header !== undefined && /^\d{1,9}$/u.test(header) ? Number(header) : undefined;
}
