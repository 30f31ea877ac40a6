import { and, eq, isNull, type SQL } from 'drizzle-orm';

import { drafts } from '../drizzle/schema/chat.ts';
import type { Services } from './context.ts';

/** What a draft is of: one per account, chat server (null: in private) and topic, such as `prompt`. */
export type DraftPlace = {
  readonly accountId: string;
  readonly serverId: string | null;
  readonly topic: string;
};

export type Draft = {
  readonly id: string;
  readonly topic: string;
  /** As they were saved; whoever reads them parses them. */
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Keeps what a person has typed and not sent; an earlier draft of the same topic is replaced. */
export async function saveDraft(
  services: Services,
  draft: DraftPlace & { readonly fields: Readonly<Record<string, unknown>> },
): Promise<{ readonly id: string }> {
  const { accountId, serverId, topic, fields } = draft;
  const changed = { fields: { ...fields }, changedAt: services.clock.now() };
  const [row] = await services.database.db
    .insert(drafts)
    .values({ id: services.ids.next('dra'), accountId, serverId, topic, ...changed })
    .onConflictDoUpdate({ target: [drafts.accountId, drafts.serverId, drafts.topic], set: changed })
    .returning({ id: drafts.id });
  if (!row) throw new Error(`the draft of ${topic} was not stored`);
  return row;
}

/** A draft of the account, by its id or by what it is of; null for none and for somebody else's. */
export async function readDraft(
  services: Services,
  wanted: { readonly accountId: string; readonly id: string } | DraftPlace,
): Promise<Draft | null> {
  const [row] = await services.database.db
    .select({ id: drafts.id, topic: drafts.topic, fields: drafts.fields })
    .from(drafts)
    .where(and(eq(drafts.accountId, wanted.accountId), isWanted(wanted)));
  return row ?? null;
}

function isWanted(wanted: { readonly id: string } | DraftPlace): SQL | undefined {
  if ('id' in wanted) return eq(drafts.id, wanted.id);
  const { serverId, topic } = wanted;
  return and(
    eq(drafts.topic, topic),
    serverId === null ? isNull(drafts.serverId) : eq(drafts.serverId, serverId),
  );
}
