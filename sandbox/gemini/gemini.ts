import type { SandboxClock } from '../clock.ts';
import { serveRoutes, type Emulator, type EmulatorAnswer, type EmulatorRequest } from '../http.ts';
import { answerQuestion } from './fill.ts';
import {
  apiError,
  badKey,
  badRequest,
  blockedPrompt,
  countTokens,
  exhausted,
  missingKey,
  overloaded,
  replyBody,
  unknownModel,
} from './replies.ts';
import { readQuestion, type Question } from './request.ts';
import { breakLimits, obeyMaterial } from './spoil.ts';

export type GeminiOptions = {
  readonly port?: number;
  readonly clock: SandboxClock;
  /** The one key that is accepted. */
  readonly key: string;
  /** How long an answer takes on the clock. */
  readonly latencyMs: number;
};

export type GeminiFailure =
  | 'http_429'
  | 'http_429_daily'
  | 'http_503'
  | 'reset'
  | 'blocked_prompt'
  | 'blocked_output'
  | 'truncated'
  | 'out_of_range'
  | 'not_json'
  | 'obey';

export type GeminiMisbehaviour = { readonly how: GeminiFailure; readonly times: number };

export type GeminiRequest = {
  readonly model: string;
  readonly instructions: string;
  readonly prompt: string;
  /** The later turn of the user, as in a request to repair an answer. */
  readonly followUp: string;
  /** What was answered; null for an error. */
  readonly answer: string | null;
};

export type GeminiEmulator = Emulator & {
  /** The last thousand valid requests, oldest first. */
  readonly requests: readonly GeminiRequest[];
  /** Makes the next answers wrong, in the order of the wishes. */
  misbehave(misbehaviour: GeminiMisbehaviour): void;
};

/** Models of the reference, and where an alias leads. */
const models: Readonly<Record<string, string>> = {
  'gemini-4-argon': 'gemini-4-argon',
  'gemini-3.8-flash': 'gemini-3.8-flash',
  'gemini-3.7-flash': 'gemini-3.8-flash',
  'gemini-3.6-flash': 'gemini-3.6-flash',
  'gemini-3.5-flash': 'gemini-3.6-flash',
  'gemini-3.5-flash-lite': 'gemini-3.5-flash-lite',
  'gemini-3.1-flash-lite': 'gemini-3.1-flash-lite',
  'gemini-flash-latest': 'gemini-3.8-flash',
  'gemini-flash-lite-latest': 'gemini-3.5-flash-lite',
};

type Given = { readonly model: string; readonly question: Question };
type Written = { readonly answer: EmulatorAnswer; readonly text: string | null };

/** Plays generativelanguage.googleapis.com: answers are written from the request and its schema. */
export async function startGemini(options: GeminiOptions): Promise<GeminiEmulator> {
  const requests: GeminiRequest[] = [];
  const wishes: { how: GeminiFailure; times: number }[] = [];
  const handle = async (request: EmulatorRequest): Promise<EmulatorAnswer> => {
    const given = accept(options.key, request);
    if ('status' in given) return given;
    if (options.latencyMs > 0) {
      await new Promise<void>((resolve) => {
        options.clock.schedule(options.latencyMs, resolve);
      });
    }
    const wish = wishes.find(({ times }) => times > 0);
    if (wish) wish.times -= 1;
    const { answer, text } = reply(given, wish?.how ?? null);
    const { instructions, material, followUp } = given.question;
    if (requests.length >= 1000) requests.shift();
    requests.push({ model: given.model, instructions, prompt: material, followUp, answer: text });
    return request.params['verb'] === 'streamGenerateContent' ? streamed(answer) : answer;
  };
  const emulator = await serveRoutes(
    [
      {
        method: 'POST',
        path: /\/v1beta\/models\/(?<model>[\w.-]+):(?<verb>generateContent|streamGenerateContent)/u,
        handle,
      },
    ],
    apiError({ code: 404, status: 'NOT_FOUND', message: 'Not Found' }),
    options.port,
  );
  return {
    ...emulator,
    requests,
    misbehave: ({ how, times }) => {
      wishes.push({ how, times });
    },
  };
}

function accept(key: string, request: EmulatorRequest): Given | EmulatorAnswer {
  const given = request.header('x-goog-api-key') ?? request.url.searchParams.get('key');
  if (given === undefined || given === null) return missingKey();
  if (given !== key) return badKey();
  const asked = request.params['model'] ?? '';
  const model = models[asked];
  if (model === undefined) return unknownModel(asked);
  const read = readQuestion(request.body);
  return 'problem' in read ? badRequest(read.problem) : { model, question: read.question };
}

type Spoiling = 'truncated' | 'out_of_range' | 'not_json' | 'obey';

/** The failures that are no written answer. */
function failureOf(
  how: Exclude<GeminiFailure, Spoiling>,
  { model, question }: Given,
): EmulatorAnswer {
  const prompt = question.allText;
  const failures: Readonly<Record<Exclude<GeminiFailure, Spoiling>, EmulatorAnswer>> = {
    http_429: exhausted(model, 'Minute'),
    http_429_daily: exhausted(model, 'Day'),
    http_503: overloaded(),
    reset: { status: 0, reset: true },
    blocked_prompt: { status: 200, body: blockedPrompt(model, prompt) },
    blocked_output: {
      status: 200,
      body: replyBody({ model, prompt, text: null, finishReason: 'SAFETY' }),
    },
  };
  return failures[how];
}

const isSpoiling = (how: GeminiFailure): how is Spoiling =>
  ['truncated', 'out_of_range', 'not_json', 'obey'].includes(how);

function reply(given: Given, how: GeminiFailure | null): Written {
  return how === null || isSpoiling(how)
    ? write(given, how)
    : { answer: failureOf(how, given), text: null };
}

function spoil(plain: unknown, how: Spoiling | null, question: Question): unknown {
  if (how === 'obey') return obeyMaterial(plain, question.shape ?? {}, question);
  return how === 'out_of_range' ? breakLimits(plain, question.shape ?? {}) : plain;
}

function write({ model, question }: Given, how: Spoiling | null): Written {
  const said = spoil(answerQuestion(question), how, question);
  const whole = typeof said === 'string' ? said : JSON.stringify(said);
  const full =
    how === 'not_json' ? `Sure! Here is what I think about it: ${whole.slice(1, 60)}` : whole;
  const isTooLong = how === 'truncated' || countTokens(full) > question.maxOutputTokens;
  const kept = how === 'truncated' ? 0.6 : question.maxOutputTokens / countTokens(full);
  const text = isTooLong ? full.slice(0, Math.floor(full.length * kept)) : full;
  const finishReason = isTooLong ? 'MAX_TOKENS' : 'STOP';
  const body = replyBody({ model, prompt: question.allText, text, finishReason });
  return { answer: { status: 200, body }, text };
}

/** The same answer as one server-sent event; the real stream has no end mark either. */
const streamed = (answer: EmulatorAnswer): EmulatorAnswer =>
  answer.status === 200
    ? {
        status: 200,
        headers: { 'content-type': 'text/event-stream' },
        body: `data: ${JSON.stringify(answer.body)}\r\n\r\n`,
      }
    : answer;
