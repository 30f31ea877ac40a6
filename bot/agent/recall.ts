import { generateText, type ModelMessage } from 'ai';

import type { Context } from '../../core/context.ts';
import { storeSummary } from '../../core/conversation/memory.ts';
import { addUsage } from '../../core/conversation/usage.ts';
import { untrustedRule } from '../../core/untrusted.ts';
import type { ChatModel } from '../../core/ports/chat-model.ts';
import { callsIn, resultsIn, textIn, type Entry, type Transcript } from './transcript.ts';

/** What the model is sent of a conversation at most, in estimated tokens. */
const memoryTokens = 12_000;
/** What is kept word for word when that is passed, so that not every turn has to summarise. */
const keptTokens = 6000;
const longestSummary = 2500;

/**
 * Puts the oldest turns into the summary when the memory grows too long. A turn is forgotten whole,
 * so that no result loses its call; the one that is being answered stays.
 */
export async function trimMemory(
  transcript: Transcript,
  turnId: number,
  talk: {
    readonly context: Context;
    readonly conversationId: string;
    readonly model: ChatModel;
    readonly silenceMs: number;
  },
): Promise<void> {
  const cut = oldestToForget(transcript.entries(), turnId);
  const through = cut.at(-1)?.id;
  if (through === undefined) return;
  const before = transcript.summary();
  const summary = (await askModel(before, cut, talk)) ?? summariseByRules(before, cut);
  await storeSummary(talk.context, { conversationId: talk.conversationId, summary, through });
  transcript.forget(summary, through);
}

/** The entries to forget: whole turns, the oldest first, until the rest is short enough. @internal */
export function oldestToForget(entries: readonly Entry[], turnId: number): readonly Entry[] {
  let left = entries.reduce((sum, { tokens }) => sum + tokens, 0);
  if (left <= memoryTokens) return [];
  let end = 0;
  for (const [index, entry] of entries.entries()) {
    if (entry.turnId === turnId || (left <= keptTokens && isTurnStart(entries, index))) break;
    left -= entry.tokens;
    end = index + 1;
  }
  return entries.slice(0, end);
}

const isTurnStart = (entries: readonly Entry[], index: number): boolean =>
  entries[index]?.turnId !== entries[index - 1]?.turnId;

/** The model's own notes; null when it stays away, or says nothing. */
async function askModel(
  before: string,
  entries: readonly Entry[],
  talk: { readonly context: Context; readonly model: ChatModel; readonly silenceMs: number },
): Promise<string | null> {
  const { context, model } = talk;
  try {
    const { text, usage } = await generateText({
      model: await model.open(),
      instructions: `You keep notes of a talk between a person and an assistant that finds trends, makes videos and publishes them. Write what must not be forgotten: wishes, choices, every id (trd_, quo_, vid_, pub_, chn_, apr_) with what it is, what is done, what still waits. Put each wish of the person that is still open on a line that begins with "Wished:". At most 200 words, plain text, in the language of the talk. ${untrustedRule}`,
      prompt: [
        ...(before === '' ? [] : [`Notes so far:\n${before}`]),
        `Talk:\n${entries.flatMap(({ message }) => transcribe(message)).join('\n')}`,
      ].join('\n\n'),
      maxOutputTokens: 1000,
      maxRetries: 0,
      abortSignal: AbortSignal.any([context.signal, AbortSignal.timeout(talk.silenceMs)]),
    });
    const used = {
      steps: 1,
      inputTokens: usage.inputTokens ?? 0,
      outputTokens: usage.outputTokens ?? 0,
    };
    await addUsage(context.database.db, context.actor.accountId, used, context.clock.now());
    return text.trim() === '' ? null : text.trim().slice(0, longestSummary);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!model.toFault(error)) throw error;
    context.log.warn({ err: error }, 'the model stays away; the rules keep the notes');
    return null;
  }
}

function transcribe(message: ModelMessage): string[] {
  if (message.role === 'user')
    return typeof message.content === 'string' ? [`Person: ${message.content}`] : [];
  const results = resultsIn([message]).map(({ value }) => `Result: ${JSON.stringify(value)}`);
  const calls = callsIn(message).map(
    ({ toolName, input }) => `Call: ${toolName} ${JSON.stringify(input)}`,
  );
  const text = textIn(message);
  return [...(text === '' ? [] : [`Assistant: ${text}`]), ...calls, ...results];
}

/** Notes without a model: what the person wrote, what happened, what was called, and every id. */
function summariseByRules(before: string, entries: readonly Entry[]): string {
  const lines = entries.flatMap(({ message }) => {
    if (message.role === 'user')
      return typeof message.content === 'string' ? [noteOf(message.content)] : [];
    const calls = callsIn(message).map(({ toolName }) => toolName);
    const values = JSON.stringify(resultsIn([message]));
    const ids = [...new Set(values.match(/\b[a-z]{3}_[0-9a-z]{16}\b/gu))];
    return [...(calls.length > 0 ? [`Called: ${calls.join(', ')}`] : []), ...idLine(ids)];
  });
  // The newest lines are the ones that are still needed.
  return [before, ...lines].filter(Boolean).join('\n').slice(-longestSummary);
}

const noteOf = (words: string): string =>
  `${words.startsWith('[event]') ? 'Happened' : 'Wished'}: ${words.slice(0, 160).replaceAll('\n', ' ')}`;

const idLine = (ids: readonly string[]): string[] =>
  ids.length > 0 ? [`Ids: ${ids.join(', ')}`] : [];
