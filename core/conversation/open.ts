import { and, eq } from 'drizzle-orm';

import { conversations } from '../../drizzle/schema/chat.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import type { Services } from '../context.ts';

/** Where a person talks with the agent. */
export type ConversationPlace = {
  readonly accountId: string;
  /** `discord`, or `terminal`. */
  readonly surface: string;
  /** The channel, thread, direct message or terminal. */
  readonly place: string;
  /** null in a private talk. */
  readonly serverId: string | null;
};

/** The one conversation of a person at a place; the first words there open it. */
export async function openConversation(
  services: Services,
  place: ConversationPlace,
): Promise<{ readonly id: string }> {
  const { db } = services.database;
  const find = () =>
    db
      .select({ id: conversations.id })
      .from(conversations)
      .where(
        and(
          eq(conversations.accountId, place.accountId),
          eq(conversations.surface, place.surface),
          eq(conversations.place, place.place),
        ),
      );
  const [known] = await find();
  if (known) return known;
  await db
    .insert(conversations)
    .values({
      ...place,
      id: services.ids.next('con'),
      summary: '',
      summarisedThrough: 0,
      createdAt: services.clock.now(),
    })
    .onConflictDoNothing();
  const [opened] = await find();
  if (!opened) throw new Error(`no conversation for ${place.surface} ${place.place}`);
  return opened;
}

export type Conversation = {
  readonly id: string;
  readonly accountId: string;
  readonly serverId: string | null;
  /** What the person calls themself: their own words. */
  readonly person: string;
};

/** @throws Error when there is none with this id. */
export async function readConversation(services: Services, id: string): Promise<Conversation> {
  const [found] = await services.database.db
    .select({
      id: conversations.id,
      accountId: conversations.accountId,
      serverId: conversations.serverId,
      person: accounts.displayName,
    })
    .from(conversations)
    .innerJoin(accounts, eq(accounts.id, conversations.accountId))
    .where(eq(conversations.id, id));
  if (!found) throw new Error(`there is no conversation ${id}`);
  return found;
}
