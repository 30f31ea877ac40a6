import type { EmulatorAnswer } from '../http.ts';
import { hashOf } from './material.ts';

type ApiProblem = {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details?: readonly object[];
};

/** An error in the shape of google.rpc.Status. */
export const apiError = (problem: ApiProblem): EmulatorAnswer => ({
  status: problem.code,
  body: { error: problem },
});

export const badRequest = (message: string): EmulatorAnswer =>
  apiError({ code: 400, status: 'INVALID_ARGUMENT', message });

export const missingKey = (): EmulatorAnswer =>
  apiError({
    code: 403,
    status: 'PERMISSION_DENIED',
    message:
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  });

export const badKey = (): EmulatorAnswer =>
  apiError({
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'API key not valid. Please pass a valid API key.',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'API_KEY_INVALID',
        domain: 'googleapis.com',
        metadata: { service: 'generativelanguage.googleapis.com' },
      },
    ],
  });

export const unknownModel = (model: string): EmulatorAnswer =>
  apiError({
    code: 404,
    status: 'NOT_FOUND',
    message: `models/${model} is not found for API version v1beta, or is not supported for generateContent.`,
  });

export const overloaded = (): EmulatorAnswer =>
  apiError({
    code: 503,
    status: 'UNAVAILABLE',
    message: 'The model is overloaded. Please try again later.',
  });

/** Out of the quota of a minute or of a day; both carry RetryInfo, only the quota's name tells them apart. */
export function exhausted(model: string, per: 'Minute' | 'Day'): EmulatorAnswer {
  const quotaMetric = 'generativelanguage.googleapis.com/generate_content_free_tier_requests';
  return apiError({
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: 'You exceeded your current quota, please check your plan and billing details.',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [
          {
            quotaMetric,
            quotaId: `GenerateRequestsPer${per}PerProjectPerModel-FreeTier`,
            quotaDimensions: { location: 'global', model },
            quotaValue: per === 'Day' ? '250' : '10',
          },
        ],
      },
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [
          {
            description: 'Learn more about Gemini API quotas',
            url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
          },
        ],
      },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '17s' },
    ],
  });
}

/** About four Latin characters to a token, three Chinese ones to two. */
export function countTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return Math.ceil(han / 1.5 + (text.length - han) / 4);
}

const safetyRatings = ['HARASSMENT', 'HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT'].map(
  (name) => ({ category: `HARM_CATEGORY_${name}`, probability: 'NEGLIGIBLE' }),
);

type Reply = {
  readonly model: string;
  readonly prompt: string;
  /** null: the output was blocked. */
  readonly text: string | null;
  readonly finishReason: 'STOP' | 'MAX_TOKENS' | 'SAFETY';
};

/** The body of a successful generateContent. */
export function replyBody({ model, prompt, text, finishReason }: Reply): object {
  const promptTokenCount = countTokens(prompt);
  const candidatesTokenCount = countTokens(text ?? '');
  return {
    candidates: [
      {
        ...(text === null ? {} : { content: { parts: [{ text }], role: 'model' } }),
        finishReason,
        index: 0,
        safetyRatings,
      },
    ],
    usageMetadata: {
      promptTokenCount,
      candidatesTokenCount,
      totalTokenCount: promptTokenCount + candidatesTokenCount,
    },
    modelVersion: model,
    responseId: hashOf(prompt).toString(36),
  };
}

/** A prompt that was blocked has no candidates at all, and is a 200. */
export const blockedPrompt = (model: string, prompt: string): object => ({
  promptFeedback: { blockReason: 'PROHIBITED_CONTENT', safetyRatings },
  usageMetadata: { promptTokenCount: countTokens(prompt), totalTokenCount: countTokens(prompt) },
  modelVersion: model,
});
