import type { EmulatorAnswer } from '../http.ts';
import { answerTalk, followTalk } from './converse.ts';
import { disobediences, disobey, type Disobedience } from './disobey.ts';
import { answerQuestion } from './fill.ts';
import { asksForJudgement, writeJudgement } from './judgement.ts';
import { callMessage, textMessage, type Message } from './message.ts';
import { blockedPrompt, countTokens, exhausted, noSuchVideo, overloaded } from './replies.ts';
import type { Question } from './request.ts';
import { breakLimits, obeyMaterial } from './spoil.ts';
import { asksForSummary, writeSummary } from './summary.ts';

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
  | 'video_private'
  | Disobedience;

export type Given = { readonly model: string; readonly question: Question; readonly now: Date };

/** What becomes of a request. */
export type Outcome =
  | { readonly kind: 'status'; readonly answer: EmulatorAnswer }
  | { readonly kind: 'body'; readonly body: object }
  /** The connection is lost, in a stream after the first pieces. */
  | { readonly kind: 'lost'; readonly message: Message }
  | { readonly kind: 'message'; readonly message: Message };

/** The plain outcome of a request, shortened where it passes its token limit. */
export function answerGiven(given: Given): Outcome {
  return { kind: 'message', message: keepWithin(writeMessage(given), given.question) };
}

/** The outcome that goes wrong in this way; null where the request gives no occasion for it. */
export function failGiven(given: Given, how: GeminiFailure): Outcome | null {
  if (how === 'reset') return { kind: 'lost', message: writeMessage(given) };
  const { model, question, now } = given;
  if (how === 'blocked_prompt') {
    return { kind: 'body', body: blockedPrompt(model, question.allText) };
  }
  if (how === 'video_private') {
    return question.videos.length > 0 ? { kind: 'status', answer: noSuchVideo() } : null;
  }
  if (how === 'http_503') return { kind: 'status', answer: overloaded() };
  if (how === 'http_429' || how === 'http_429_daily') {
    return { kind: 'status', answer: exhausted(model, how === 'http_429' ? 'Minute' : 'Day') };
  }
  const isTalk = question.tools !== null && question.shape === null;
  const message =
    question.tools && isTalk && isDisobedience(how)
      ? disobey(how, followTalk(question, question.tools, now))
      : spoil(how, given);
  return message && { kind: 'message', message: keepWithin(message, question) };
}

const isDisobedience = (how: GeminiFailure): how is Disobedience =>
  disobediences.some((each) => each === how);

function spoil(how: GeminiFailure, given: Given): Message | null {
  const { question } = given;
  const { shape } = question;
  if (how === 'blocked_output') return { text: null, calls: [], finishReason: 'SAFETY' };
  const plain = writeMessage(given);
  const text = plain.text ?? '';
  if (how === 'truncated')
    return { text: shorten(text, 0.6), calls: [], finishReason: 'MAX_TOKENS' };
  if (how === 'not_json') {
    return textMessage(`Sure! Here is what I think about it: ${text.slice(1, 60)}`);
  }
  if (how === 'out_of_range') {
    return shape
      ? textOf(breakLimits(answerQuestion(question), shape))
      : breakCalls(plain, question);
  }
  // The other ways need tools to go wrong with.
  return how === 'obey'
    ? textOf(obeyMaterial(answerQuestion(question), shape ?? {}, question))
    : null;
}

/** Arguments beyond what their schema allows. */
function breakCalls({ calls, text }: Message, { tools }: Question): Message {
  if (calls.length === 0) return textMessage(text ?? '');
  const broken = calls.map(({ name, args }) => {
    const schema = tools?.declarations.find((each) => each.name === name)?.schema ?? {};
    const spoiled = breakLimits(args, schema);
    return { name, args: typeof spoiled === 'object' && spoiled !== null ? { ...spoiled } : {} };
  });
  return callMessage(broken);
}

const textOf = (said: unknown): Message =>
  textMessage(typeof said === 'string' ? said : JSON.stringify(said));

function writeMessage({ question, now }: Given): Message {
  const { tools, shape } = question;
  if (tools && !shape) return answerTalk(followTalk(question, tools, now));
  if (!shape && asksForSummary(question)) return textMessage(writeSummary(question, now));
  return textOf(asksForJudgement(question) ? writeJudgement(question) : answerQuestion(question));
}

const shorten = (text: string, part: number): string =>
  text.slice(0, Math.floor(text.length * part));

function keepWithin(message: Message, { maxOutputTokens }: Question): Message {
  const tokens = countTokens(message.text ?? '');
  if (message.text === null || tokens <= maxOutputTokens) return message;
  const text = shorten(message.text, maxOutputTokens / tokens);
  return { text, calls: [], finishReason: 'MAX_TOKENS' };
}
