import type { SandboxClock } from '../clock.ts';
import { serveRoutes, type Emulator, type EmulatorAnswer, type EmulatorRequest } from '../http.ts';
import { tokensOf, type WatchedVideo } from './file-rules.ts';
import type { FunctionCall } from './message.ts';
import { answerGiven, failGiven, type GeminiFailure, type Given, type Outcome } from './outcome.ts';
import {
  apiError,
  badKey,
  badRequest,
  missingKey,
  replyBody,
  replyPieces,
  unknownModel,
} from './replies.ts';
import { readQuestion, type Question } from './request.ts';
import { streamAnswer } from './stream.ts';

export type GeminiOptions = {
  readonly port?: number;
  readonly clock: SandboxClock;
  /** The one key that is accepted. */
  readonly key: string;
  /** How long an answer takes on the clock. */
  readonly latencyMs: number;
  /** How long a stream pauses between two pieces; 0 without it. */
  readonly chunkMs?: number;
};

export type GeminiMisbehaviour = {
  readonly how: GeminiFailure;
  readonly times: number;
  /** Only requests that declare tools, or only those that do not. */
  readonly only?: 'with_tools' | 'without_tools';
};

export type GeminiRequest = {
  readonly model: string;
  readonly instructions: string;
  readonly prompt: string;
  /** The later turn of the user, as in a request to repair an answer. */
  readonly followUp: string;
  /** What was answered; null for an error. */
  readonly answer: string | null;
  /** The videos that are to be watched. */
  readonly videos: readonly WatchedVideo[];
  /** Names of the declared tools. */
  readonly tools: readonly string[];
  /** How many contents the conversation has. */
  readonly turns: number;
  /** The tools that the answer calls. */
  readonly calls: readonly FunctionCall[];
  readonly isStreamed: boolean;
  /** Whether the client went before the stream's end. */
  isLeft: boolean;
};

export type GeminiEmulator = Emulator & {
  /** The last thousand valid requests, oldest first. */
  readonly requests: readonly GeminiRequest[];
  /** Makes the next answers wrong, in the order of the wishes; a wish waits for a request that it fits. */
  misbehave(misbehaviour: GeminiMisbehaviour): void;
  /** Forgets the wishes that no request has fitted yet. */
  behave(): void;
};

const most = { requests: 1000, characters: 50_000 } as const;

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

type Wish = { -readonly [Key in keyof GeminiMisbehaviour]: GeminiMisbehaviour[Key] };

/** Plays generativelanguage.googleapis.com: answers are written from the request and its schema. */
export async function startGemini(options: GeminiOptions): Promise<GeminiEmulator> {
  const { clock, chunkMs = 0 } = options;
  const requests: GeminiRequest[] = [];
  const wishes: Wish[] = [];
  let number = 0;
  const handle = async (request: EmulatorRequest): Promise<EmulatorAnswer> => {
    const given = accept(options, request);
    if ('status' in given) return given;
    if (options.latencyMs > 0) {
      await new Promise<void>((resolve) => {
        clock.schedule(options.latencyMs, resolve);
      });
    }
    const outcome = fulfilWish(wishes, given) ?? answerGiven(given);
    const isStreamed = request.params['verb'] === 'streamGenerateContent';
    const entry = recordOf(given, outcome, isStreamed);
    if (requests.length >= most.requests) requests.shift();
    requests.push(entry);
    number += 1;
    const { answer, pieces } = render(given, outcome, number);
    if (!isStreamed || pieces.length === 0) return answer;
    const onLeave = () => {
      entry.isLeft = true;
    };
    return streamAnswer({ pieces, isLost: outcome.kind === 'lost', onLeave }, { clock, chunkMs });
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
    misbehave: (misbehaviour) => {
      wishes.push({ ...misbehaviour });
    },
    behave: () => {
      wishes.length = 0;
    },
  };
}

function accept({ key, clock }: GeminiOptions, request: EmulatorRequest): Given | EmulatorAnswer {
  const given = request.header('x-goog-api-key') ?? request.url.searchParams.get('key');
  if (given === undefined || given === null) return missingKey();
  if (given !== key) return badKey();
  const asked = request.params['model'] ?? '';
  const model = models[asked];
  if (model === undefined) return unknownModel(asked);
  const read = readQuestion(request.body);
  return 'problem' in read
    ? badRequest(read.problem)
    : { model, question: read.question, now: clock.now() };
}

/** The first wish that this request gives occasion for; null when there is none. */
function fulfilWish(wishes: readonly Wish[], given: Given): Outcome | null {
  const kind = given.question.tools ? 'with_tools' : 'without_tools';
  for (const wish of wishes) {
    if (wish.times < 1 || (wish.only ?? kind) !== kind) continue;
    const outcome = failGiven(given, wish.how);
    if (!outcome) continue;
    wish.times -= 1;
    return outcome;
  }
  return null;
}

type Rendered = { readonly answer: EmulatorAnswer; readonly pieces: readonly object[] };

/** The outcome as a whole answer and as pieces of a stream; an error has no pieces. */
function render({ model, question }: Given, outcome: Outcome, number: number): Rendered {
  if (outcome.kind === 'status') return { answer: outcome.answer, pieces: [] };
  if (outcome.kind === 'body') {
    return { answer: { status: 200, body: outcome.body }, pieces: [outcome.body] };
  }
  const videoTokens = tokensOf(question.videos);
  const reply = { model, prompt: question.allText, videoTokens, message: outcome.message, number };
  const isLost = outcome.kind === 'lost';
  const answer = isLost ? { status: 0, reset: true } : { status: 200, body: replyBody(reply) };
  return { answer, pieces: replyPieces(reply) };
}

function recordOf(
  { model, question }: Given,
  outcome: Outcome,
  isStreamed: boolean,
): GeminiRequest {
  const message = outcome.kind === 'message' ? outcome.message : null;
  const bounded = (text: string) => text.slice(0, most.characters);
  return {
    model,
    instructions: bounded(question.instructions),
    prompt: bounded(question.material),
    followUp: bounded(question.followUp),
    answer: message?.text ?? null,
    videos: question.videos,
    tools: namesOf(question),
    turns: question.contents.length,
    calls: message?.calls ?? [],
    isStreamed,
    isLeft: false,
  };
}

const namesOf = ({ tools }: Question): string[] =>
  tools?.declarations.map(({ name }) => name) ?? [];
