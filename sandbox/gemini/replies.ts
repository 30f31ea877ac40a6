import type { EmulatorAnswer } from '../http.ts';
import { hashOf } from './material.ts';
import type { FunctionCall, Message } from './message.ts';

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

/** A video that is private, or gone. */
export const noSuchVideo = (): EmulatorAnswer =>
  apiError({
    code: 403,
    status: 'PERMISSION_DENIED',
    message: 'The caller does not have permission',
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
  /** What the videos of the prompt cost. */
  readonly videoTokens: number;
  readonly message: Message;
  /** Makes the ids of this answer's calls different from those of any other. */
  readonly number: number;
};

/** As the real service does, only the first call of a message is signed. */
const callParts = (calls: readonly FunctionCall[], seed: string): object[] =>
  calls.map(({ name, args }, index) => ({
    functionCall: { name, args, id: `call_${hashOf(`${seed}${name}${index}`).toString(36)}` },
    ...(index === 0
      ? { thoughtSignature: Buffer.from(`signed ${hashOf(seed + name)}`).toString('base64') }
      : {}),
  }));

const costOf = ({ text, calls }: Message): number =>
  countTokens(text ?? '') + calls.reduce((sum, call) => sum + countTokens(JSON.stringify(call)), 0);

type Piece = {
  readonly parts: readonly object[] | null;
  readonly tokens: number;
  readonly isLast: boolean;
};

function pieceBody(
  { model, prompt, videoTokens, message, number }: Reply,
  { parts, tokens, isLast }: Piece,
): object {
  const promptTokenCount = countTokens(prompt) + videoTokens;
  return {
    candidates: [
      {
        ...(parts === null ? {} : { content: { parts, role: 'model' } }),
        ...(isLast ? { finishReason: message.finishReason } : {}),
        index: 0,
        ...(isLast ? { safetyRatings } : {}),
      },
    ],
    usageMetadata: {
      promptTokenCount,
      candidatesTokenCount: tokens,
      totalTokenCount: promptTokenCount + tokens,
    },
    modelVersion: model,
    responseId: hashOf(`${prompt}${number}`).toString(36),
  };
}

function partsOf({ prompt, message, number }: Reply): object[] | null {
  const { text, calls } = message;
  if (text === null) return null;
  return [
    ...(text === '' && calls.length > 0 ? [] : [{ text }]),
    ...callParts(calls, `${prompt}${number}`),
  ];
}

/** The body of a successful generateContent. */
export const replyBody = (reply: Reply): object =>
  pieceBody(reply, { parts: partsOf(reply), tokens: costOf(reply.message), isLast: true });

/** The same answer in the pieces of a stream: text in chunks, all calls in one. */
export function replyPieces(reply: Reply): object[] {
  const { text, calls } = reply.message;
  if (text === null || calls.length > 0) return [replyBody(reply)];
  const chunks = chunksOf(text);
  let said = '';
  return chunks.map((chunk, index) => {
    said += chunk;
    const isLast = index === chunks.length - 1;
    return pieceBody(reply, { parts: [{ text: chunk }], tokens: countTokens(said), isLast });
  });
}

/** A text cut between words into what a model sends at a time; at least one chunk. */
function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  let chunk = '';
  for (const { segment } of new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)) {
    chunk += segment;
    if (countTokens(chunk) < 6) continue;
    chunks.push(chunk);
    chunk = '';
  }
  return chunk === '' && chunks.length > 0 ? chunks : [...chunks, chunk];
}

/** A prompt that was blocked has no candidates at all, and is a 200. */
export const blockedPrompt = (model: string, prompt: string): object => ({
  promptFeedback: { blockReason: 'PROHIBITED_CONTENT', safetyRatings },
  usageMetadata: { promptTokenCount: countTokens(prompt), totalTokenCount: countTokens(prompt) },
  modelVersion: model,
});
