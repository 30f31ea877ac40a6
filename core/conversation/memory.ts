import { and, asc, eq, gt, isNull, lt, max } from 'drizzle-orm';

import {
  conversationMessages,
  conversations,
  conversationTurns,
} from '../../drizzle/schema/chat.ts';
import type { Services } from '../context.ts';
import { storable, storableText } from './storable.ts';
import { addUsage, type Usage } from './usage.ts';

export type StoredMessage = {
  readonly id: number;
  readonly turnId: number;
  /** A message of the AI SDK; whoever sends it again parses it. */
  readonly message: unknown;
  readonly tokens: number;
};

export type Memory = {
  /** What was said before the messages, in short; empty at first. */
  readonly summary: string;
  /** The last message that the summary tells of, or 0. */
  readonly through: number;
  readonly messages: readonly StoredMessage[];
};

/** What a conversation remembers: the summary, and every message after it, oldest first. */
export async function readMemory(services: Services, conversationId: string): Promise<Memory> {
  const { db } = services.database;
  const [conversation] = await db
    .select({ summary: conversations.summary, through: conversations.summarisedThrough })
    .from(conversations)
    .where(eq(conversations.id, conversationId));
  if (!conversation) throw new Error(`there is no conversation ${conversationId}`);
  const messages = await db
    .select({
      id: conversationMessages.id,
      turnId: conversationMessages.turnId,
      message: conversationMessages.message,
      tokens: conversationMessages.tokens,
    })
    .from(conversationMessages)
    .where(
      and(
        eq(conversationMessages.conversationId, conversationId),
        gt(conversationMessages.id, conversation.through),
      ),
    )
    .orderBy(asc(conversationMessages.id));
  return { ...conversation, messages };
}

/** Every message of one turn, oldest first, also where a summary tells of it. */
export async function readTurnMessages(
  services: Services,
  turn: { readonly id: number; readonly conversationId: string },
): Promise<unknown[]> {
  const rows = await services.database.db
    .select({ message: conversationMessages.message })
    .from(conversationMessages)
    .where(
      and(
        eq(conversationMessages.conversationId, turn.conversationId),
        eq(conversationMessages.turnId, turn.id),
      ),
    )
    .orderBy(asc(conversationMessages.id));
  return rows.map(({ message }) => message);
}

export type NewMessages = {
  readonly conversationId: string;
  readonly accountId: string;
  readonly turnId: number;
  /** The last message that the writer knows of, or 0. */
  readonly after: number;
  readonly messages: readonly { readonly message: unknown; readonly tokens: number }[];
  /** What the call that wrote them has used. */
  readonly usage?: Usage;
  /** Whether they end the turn. */
  readonly answered?: boolean;
};

/**
 * Stores messages of an open turn, what they cost, and whether they end it, in one commit.
 * @returns the id of the last one; null, with nothing stored, when the turn is answered or somebody
 * else went on with the conversation: two processes that answer one turn cannot both get on.
 */
export async function appendMessages(
  services: Services,
  news: NewMessages,
): Promise<number | null> {
  const at = services.clock.now();
  const { conversationId, turnId, accountId } = news;
  return services.database.db.transaction(async (tx) => {
    const [open] = await tx
      .select({ id: conversationTurns.id })
      .from(conversationTurns)
      .where(and(eq(conversationTurns.id, turnId), isNull(conversationTurns.answeredAt)))
      .for('update');
    const [last] = await tx
      .select({ id: max(conversationMessages.id) })
      .from(conversationMessages)
      .where(eq(conversationMessages.conversationId, conversationId));
    if (!open || (last?.id ?? 0) !== news.after) return null;
    let end = news.after;
    for (const { message, tokens } of news.messages) {
      const [stored] = await tx
        .insert(conversationMessages)
        .values({ conversationId, turnId, tokens, message: storable(message), createdAt: at })
        .returning({ id: conversationMessages.id });
      end = stored?.id ?? end;
    }
    if (news.usage) await addUsage(tx, accountId, news.usage, at);
    if (news.answered)
      await tx
        .update(conversationTurns)
        .set({ answeredAt: at })
        .where(eq(conversationTurns.id, turnId));
    return end;
  });
}

/** Puts a summary in the place of every message up to `through`; a later one stays. */
export async function storeSummary(
  services: Services,
  news: { readonly conversationId: string; readonly summary: string; readonly through: number },
): Promise<void> {
  await services.database.db
    .update(conversations)
    .set({ summary: storableText(news.summary), summarisedThrough: news.through })
    .where(
      and(
        eq(conversations.id, news.conversationId),
        lt(conversations.summarisedThrough, news.through),
      ),
    );
}
