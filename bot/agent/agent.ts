import type { ModelMessage } from 'ai';

import type { Context } from '../../core/context.ts';
import { withoutMark } from '../../core/conversation/events.ts';
import { withConversation } from '../../core/conversation/lock.ts';
import { readConversation, type Conversation } from '../../core/conversation/open.ts';
import { lastWords, nextOpenTurn, type Turn } from '../../core/conversation/turns.ts';
import { agentWords } from '../../core/messages/agent.ts';
import { offeredToAgent, type AnyOperation } from '../../core/operation.ts';
import { Fault } from '../../core/fault.ts';
import type { ChatModel } from '../../core/ports/chat-model.ts';
import { plainText } from '../../core/untrusted.ts';
import { runPending, unreadableResults, withholdResults, type Hands } from './calls.ts';
import { endingFor, limitSentence } from './endings.ts';
import { instructionsFor } from './instructions.ts';
import { languageOf } from './language.ts';
import type { Mouth, TurnInput } from './mouth.ts';
import { readProgress, type Progress } from './progress.ts';
import { trimMemory } from './recall.ts';
import { cleanSpeech, cleanUnfinished, linksIn, type SpeechRules } from './speech.ts';
import { takeStep, type Step } from './step.ts';
import { toolsFor } from './tools.ts';
import {
  joinResults,
  openTranscript,
  resultsIn,
  TakenOver,
  type Transcript,
} from './transcript.ts';

/** The model may be silent for so long before the turn is given up. */
const longestSilenceMs = 2 * 60_000;

/**
 * How answering went. `idle`: no turn waits. `busy`: another process or call is answering this
 * conversation, and goes on to its next turns.
 */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly turn: Turn;
      readonly text: string;
      /** Approvals that wait for their person. */
      readonly cards: readonly string[];
      /** Calls to the model that it took. */
      readonly steps: number;
    }
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy' };

/**
 * Answers the oldest open turn of a conversation. What was stored of it is not done again; a turn
 * that cannot be ended now, because the process is told to stop or the database is gone, stays open.
 */
export async function answerTurn(input: TurnInput): Promise<Answer> {
  const { context, conversationId } = input;
  const answer = await withConversation(context, conversationId, async () => {
    const turn = await nextOpenTurn(context, conversationId);
    if (!turn || (input.turnId !== undefined && turn.id !== input.turnId)) return idle;
    return answerOpen(input, turn);
  });
  return answer ?? busy;
}

const idle: Answer = { kind: 'idle' };
const busy: Answer = { kind: 'busy' };

/** One turn while it is answered. */
type Talk = {
  readonly turn: Turn;
  readonly conversation: Conversation;
  readonly context: Context;
  readonly model: ChatModel;
  readonly operations: readonly AnyOperation[];
  readonly mouth: Mouth;
  readonly transcript: Transcript;
  readonly commandOf: (name: string) => string;
  readonly silenceMs: number;
};

const slash = (name: string): string => `/${name.replaceAll('_', ' ')}`;

async function answerOpen(input: TurnInput, turn: Turn): Promise<Answer> {
  const actor = { ...input.context.actor, surface: 'agent' } as const;
  const context: Context = { ...input.context, actor };
  const conversation = await readConversation(context, turn.conversationId);
  if (conversation.accountId !== actor.accountId)
    throw new Error(`${conversation.id} belongs to another account`);
  const talk: Talk = {
    turn,
    conversation,
    context,
    mouth: steady(input.mouth, context),
    model: context.ports.chatModel ?? noModel,
    operations: offeredToAgent(input.operations, context.ports),
    transcript: await openTranscript(context, conversation, turn),
    commandOf: input.commandOf ?? slash,
    silenceMs: input.silenceMs ?? longestSilenceMs,
  };
  try {
    await begin(talk);
    await goOn(talk);
  } catch (error) {
    if (error instanceof TakenOver) return busy;
    context.signal.throwIfAborted();
    await end(talk, await endingFor(error, talk));
  }
  const { cards, steps } = progressOf(talk);
  const text = wholeText(talk);
  talk.mouth.say(text);
  return { kind: 'answered', turn, text, cards, steps };
}

/** Stands where no model is set up: every turn is answered by a sentence that says so. */
const noModel: ChatModel = {
  open: async () => {
    throw new Fault('service_missing', { service: 'Gemini' });
  },
  toFault: () => null,
};

/** A surface that stumbles over a line of status does not end the turn. */
function steady(mouth: Mouth, context: Context): Mouth {
  const guard = (tell: () => void): void => {
    try {
      tell();
    } catch (error) {
      context.log.warn({ err: error }, 'the surface did not show what was said');
    }
  };
  return {
    drawCard: (approval) => mouth.drawCard(approval),
    show: async (operation, output, input) =>
      (await mouth.show?.(operation, output, input)) ?? false,
    say: (text) => guard(() => mouth.say(text)),
    working: (operation) => guard(() => mouth.working?.(operation)),
  };
}

const ownMessages = ({ transcript, turn }: Talk): ModelMessage[] =>
  transcript.entries().flatMap(({ turnId, message }) => (turnId === turn.id ? [message] : []));

/** Everything that the turn has said so far. */
const wholeText = (talk: Talk): string =>
  cleanSpeech(progressOf(talk).texts.join('\n\n'), speechRules(talk));

const progressOf = (talk: Talk): Progress => readProgress(ownMessages(talk));

/** Stores the words of the turn, or, after a death, ends the calls that were left behind. */
async function begin(talk: Talk): Promise<void> {
  const { turn, transcript } = talk;
  const { hasBegun, pending } = progressOf(talk);
  if (hasBegun) {
    if (pending.length > 0) await runCalls(talk, true);
    return;
  }
  const content = turn.kind === 'event' ? turn.text : withoutMark(turn.text);
  await transcript.append([{ role: 'user', content: content || '…' }]);
}

async function runCalls(talk: Talk, resumed: boolean): Promise<void> {
  const { operations, context, mouth, transcript } = talk;
  const drawn = new Set(progressOf(talk).cards);
  const hands: Hands = { operations, context, mouth, drawn };
  await runPending(transcript, ownMessages(talk), hands, resumed);
}

/** Step after step, until the model has nothing more to call. */
async function goOn(talk: Talk): Promise<void> {
  const { context, transcript, turn, conversation, commandOf } = talk;
  const { AGENT_MAX_STEPS } = context.config;
  for (;;) {
    context.signal.throwIfAborted();
    const sentence = await limitSentence(context, commandOf);
    if (sentence !== null) return end(talk, sentence);
    await trimMemory(transcript, turn.id, {
      context,
      conversationId: conversation.id,
      model: talk.model,
      silenceMs: talk.silenceMs,
    });
    const { steps, isClosing } = progressOf(talk);
    const isLast = isClosing || steps + 1 >= AGENT_MAX_STEPS;
    const step = await speak(talk, !isLast);
    if (step.calls.length > 0) {
      const messages = [step.message, ...unreadableResults(step.unreadable)];
      await transcript.append(messages, { usage: step.usage });
      talk.mouth.say(wholeText(talk));
      await runCalls(talk, false);
      continue;
    }
    return close(talk, step, isClosing);
  }
}

/** Stores the last step of a turn, with a sentence of ours where it says too little. */
async function close(talk: Talk, step: Step, isClosing: boolean): Promise<void> {
  const messages = [step.message];
  const spoken = [...progressOf(talk).texts, step.text].some((text) => text.trim() !== '');
  const sentence = closingSentence(talk, step, { spoken, isClosing });
  if (sentence !== null) messages.push({ role: 'assistant', content: sentence });
  await talk.transcript.append(messages, { usage: step.usage, answered: true });
}

function closingSentence(
  { context }: Talk,
  step: Step,
  how: { readonly spoken: boolean; readonly isClosing: boolean },
): string | null {
  const words = agentWords(context.locale);
  if (step.finishReason === 'content-filter') return words.refused();
  if (step.hasOverstepped && !how.isClosing)
    return words.stopped({ steps: context.config.AGENT_MAX_STEPS });
  return how.spoken ? null : words.nothingSaid();
}

/** Ends the turn with a sentence of ours. */
async function end(talk: Talk, sentence: string): Promise<void> {
  const { pending } = progressOf(talk);
  await talk.transcript.append(
    [...withholdResults(pending), { role: 'assistant', content: sentence }],
    { answered: true },
  );
}

async function speak(talk: Talk, mayCall: boolean): Promise<Step> {
  const { context, conversation, turn, transcript, model, mouth, silenceMs } = talk;
  const words =
    turn.kind === 'person' ? turn.text : ((await lastWords(context, conversation.id)) ?? '');
  const { texts } = progressOf(talk);
  const rules = speechRules(talk);
  return takeStep({
    model,
    silenceMs,
    mayCall,
    signal: context.signal,
    tools: toolsFor(talk.operations),
    instructions: instructionsFor({
      language: languageOf(words) ?? context.locale,
      now: context.clock.now(),
      timeZone: context.timeZone,
      person: conversation.person,
      isPrivate: conversation.serverId === null,
      commandOf: talk.commandOf,
    }),
    messages: recalled(transcript),
    onText: (text) => mouth.say(cleanUnfinished([...texts, text].join('\n\n'), rules)),
  });
}

/** The notes of earlier talk, then everything since. */
function recalled(transcript: Transcript): ModelMessage[] {
  const messages = joinResults(transcript.entries().map(({ message }) => message));
  const lines = transcript.summary().split('\n');
  const notes = lines.map((line) => plainText(line, 3000)).join('\n');
  if (notes.trim() === '') return messages;
  return [{ role: 'user', content: `[summary] ${notes}` }, ...messages];
}

const speechRules = ({ transcript, context }: Talk): SpeechRules => ({
  links: linksIn(resultsIn(transcript.entries().map(({ message }) => message))),
  locale: context.locale,
});
