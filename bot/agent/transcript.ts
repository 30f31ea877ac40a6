import { modelMessageSchema, type ModelMessage, type ToolModelMessage } from 'ai';

import type { Services } from '../../core/context.ts';
import { appendMessages, readMemory } from '../../core/conversation/memory.ts';
import type { Conversation } from '../../core/conversation/open.ts';
import type { Turn } from '../../core/conversation/turns.ts';
import type { Usage } from '../../core/conversation/usage.ts';
import { estimateTokens } from './language.ts';

export type Entry = {
  readonly id: number;
  readonly turnId: number;
  readonly message: ModelMessage;
  readonly tokens: number;
};

/** Somebody else went on with the turn; whoever throws this has nothing more to do. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}

/** What a conversation remembers while one of its turns is answered; every message is stored as it comes. */
export type Transcript = {
  summary(): string;
  entries(): readonly Entry[];
  /** Stores messages of the turn at once. @throws TakenOver. */
  append(
    messages: readonly ModelMessage[],
    more?: { readonly usage?: Usage; readonly answered?: boolean },
  ): Promise<void>;
  /** Forgets everything up to an entry, which the summary now tells. */
  forget(summary: string, through: number): void;
};

/** Opens what is known at the start of a turn. */
export async function openTranscript(
  services: Services,
  conversation: Conversation,
  turn: Turn,
): Promise<Transcript> {
  const memory = await readMemory(services, conversation.id);
  let { summary } = memory;
  let entries: Entry[] = memory.messages.map(({ message, ...rest }) => ({
    ...rest,
    message: modelMessageSchema.parse(message),
  }));
  // Results of one step come side by side; they are stored one after the other.
  let last: Promise<void> = Promise.resolve();
  const append: Transcript['append'] = async (messages, more = {}) => {
    const news = messages.map((message) => ({ message, tokens: tokensOf(message) }));
    const end = await appendMessages(services, {
      conversationId: conversation.id,
      accountId: conversation.accountId,
      turnId: turn.id,
      after: entries.at(-1)?.id ?? memory.through,
      messages: news,
      ...more,
    });
    if (end === null) throw new TakenOver();
    // Only the last id is ever compared, so those between need not be known.
    entries = [...entries, ...news.map((entry) => ({ ...entry, id: end, turnId: turn.id }))];
  };
  return {
    summary: () => summary,
    entries: () => entries,
    append(messages, more) {
      const done = last.then(() => append(messages, more));
      last = done.catch(() => undefined);
      return done;
    },
    forget(text, through) {
      summary = text;
      entries = entries.filter(({ id }) => id > through);
    },
  };
}

const tokensOf = (message: ModelMessage): number => estimateTokens(JSON.stringify(message.content));

/** Messages as the model gets them: the results of one step in one message, in the order of its calls. */
export function joinResults(messages: readonly ModelMessage[]): ModelMessage[] {
  const joined: ModelMessage[] = [];
  // A message without content is no message to a model.
  for (const message of messages.filter(({ content }) => content.length > 0)) {
    const before = joined.at(-1);
    if (message.role === 'tool' && before?.role === 'tool')
      joined[joined.length - 1] = { ...before, content: [...before.content, ...message.content] };
    else joined.push(message);
  }
  return joined.map((message, index) => {
    const asked = joined[index - 1];
    return message.role === 'tool' && asked ? inOrderOf(asked, message) : message;
  });
}

function inOrderOf(asked: ModelMessage, results: ToolModelMessage): ToolModelMessage {
  const order = new Map(callsIn(asked).map(({ toolCallId }, index) => [toolCallId, index]));
  const placeOf = (part: ToolModelMessage['content'][number]) =>
    part.type === 'tool-result' ? (order.get(part.toolCallId) ?? order.size) : order.size;
  return { ...results, content: results.content.toSorted((a, b) => placeOf(a) - placeOf(b)) };
}

export type Call = {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
};

/** The calls of one message of the model. */
export function callsIn(message: ModelMessage): Call[] {
  if (message.role !== 'assistant' || typeof message.content === 'string') return [];
  return message.content.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
}

/** What the model wrote in one message, without its calls and thoughts. */
export function textIn(message: ModelMessage): string {
  if (message.role !== 'assistant') return '';
  if (typeof message.content === 'string') return message.content;
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
}

/** The results of calls, in the order in which they were stored. */
export function resultsIn(
  messages: readonly ModelMessage[],
): { readonly toolCallId: string; readonly value: unknown }[] {
  const parts = messages.flatMap((message) => (message.role === 'tool' ? message.content : []));
  return parts.flatMap((part) =>
    part.type === 'tool-result' && 'value' in part.output
      ? [{ toolCallId: part.toolCallId, value: part.output.value }]
      : [],
  );
}
