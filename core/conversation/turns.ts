import { and, asc, desc, eq, gt, isNull, sql } from 'drizzle-orm';

import { conversations, conversationTurns } from '../../drizzle/schema/chat.ts';
import type { Services } from '../context.ts';
import { storable, storableText } from './storable.ts';

/** Listeners are told the id of a conversation in which a turn waits for its answer. */
export const turnChannel = 'jilo_turns';

/** As much of one message as is taken in, in UTF-16 units; longer ones are cut. */
const longestTurn = 8000;

/** Stands in `replyTo` once the answer has been shown to the person. */
const shownField = 'shown';

/** Something said to the agent that waits for its answer. */
export type Turn = {
  readonly id: number;
  readonly conversationId: string;
  /** The message or event it comes from. */
  readonly key: string;
  readonly kind: 'person' | 'event';
  readonly text: string;
  /** Where the answer goes, in the words of the surface. */
  readonly replyTo: Record<string, unknown>;
};

export type NewTurn = Omit<Turn, 'id'>;

/** Takes in a turn; false when one of this key was taken in before. */
export async function takeInTurn(services: Services, turn: NewTurn): Promise<boolean> {
  return services.database.db.transaction(async (tx) => {
    const taken = await tx
      .insert(conversationTurns)
      .values({
        ...turn,
        text: storableText(turn.text.slice(0, longestTurn)),
        replyTo: Object.fromEntries(
          Object.entries(turn.replyTo).map(([key, value]) => [key, storable(value)]),
        ),
        createdAt: services.clock.now(),
      })
      .onConflictDoNothing()
      .returning({ id: conversationTurns.id });
    if (taken.length > 0)
      await tx.execute(sql`select pg_notify(${turnChannel}, ${turn.conversationId})`);
    return taken.length > 0;
  });
}

/** Where the last turn of a conversation is answered; empty before the first. */
export async function lastReplyTo(
  services: Services,
  conversationId: string,
): Promise<Record<string, unknown>> {
  const [last] = await services.database.db
    .select({ replyTo: conversationTurns.replyTo })
    .from(conversationTurns)
    .where(eq(conversationTurns.conversationId, conversationId))
    .orderBy(desc(conversationTurns.id))
    .limit(1);
  const { [shownField]: _, ...replyTo } = last?.replyTo ?? {};
  return replyTo;
}

const columns = {
  id: conversationTurns.id,
  conversationId: conversationTurns.conversationId,
  key: conversationTurns.key,
  kind: conversationTurns.kind,
  text: conversationTurns.text,
  replyTo: conversationTurns.replyTo,
};

/** The oldest turn of a conversation that nobody has answered, or null. */
export async function nextOpenTurn(
  services: Services,
  conversationId: string,
): Promise<Turn | null> {
  const [turn] = await services.database.db
    .select(columns)
    .from(conversationTurns)
    .where(
      and(
        eq(conversationTurns.conversationId, conversationId),
        isNull(conversationTurns.answeredAt),
      ),
    )
    .orderBy(asc(conversationTurns.id))
    .limit(1);
  return turn ?? null;
}

/** Every turn of a surface that waits, oldest first: what a restarted process has to answer. */
export async function listOpenTurns(
  services: Services,
  surface: string,
): Promise<(Turn & { readonly accountId: string; readonly place: string })[]> {
  return services.database.db
    .select({ ...columns, accountId: conversations.accountId, place: conversations.place })
    .from(conversationTurns)
    .innerJoin(conversations, eq(conversations.id, conversationTurns.conversationId))
    .where(and(eq(conversations.surface, surface), isNull(conversationTurns.answeredAt)))
    .orderBy(asc(conversationTurns.id));
}

/** What the person wrote last; null before their first words. */
export async function lastWords(
  services: Services,
  conversationId: string,
): Promise<string | null> {
  const [last] = await services.database.db
    .select({ text: conversationTurns.text })
    .from(conversationTurns)
    .where(
      and(
        eq(conversationTurns.conversationId, conversationId),
        eq(conversationTurns.kind, 'person'),
      ),
    )
    .orderBy(desc(conversationTurns.id))
    .limit(1);
  return last?.text ?? null;
}

/** Keeps that the whole answer of a turn stands before the person. */
export async function markShown(services: Services, turnId: number): Promise<void> {
  await services.database.db
    .update(conversationTurns)
    .set({
      replyTo: sql`${conversationTurns.replyTo} || ${JSON.stringify({ [shownField]: true })}::jsonb`,
    })
    .where(eq(conversationTurns.id, turnId));
}

/** Turns of a surface answered after `since` whose answer may never have been shown, oldest first. */
export async function listUnshownTurns(
  services: Services,
  where: { readonly surface: string; readonly since: Date; readonly conversationId?: string },
): Promise<Turn[]> {
  const { surface, since, conversationId } = where;
  return services.database.db
    .select(columns)
    .from(conversationTurns)
    .innerJoin(conversations, eq(conversations.id, conversationTurns.conversationId))
    .where(
      and(
        eq(conversations.surface, surface),
        gt(conversationTurns.answeredAt, since),
        sql`not ${conversationTurns.replyTo} ? ${shownField}`,
        conversationId ? eq(conversations.id, conversationId) : undefined,
      ),
    )
    .orderBy(asc(conversationTurns.id));
}
