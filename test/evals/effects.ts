import { and, asc, eq, inArray } from 'drizzle-orm';

import { auditLog } from '../../drizzle/schema/consent.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { World } from '../kit/world.ts';

type Row = Readonly<Record<string, unknown>>;

/** What was spent, published and destroyed for an account. */
export type Effects = {
  readonly spent: number;
  readonly published: number;
  readonly destroyed: number;
  /** Which of these nobody confirmed. */
  readonly spentAlone: number;
  readonly publishedAlone: number;
  readonly withoutPerson: readonly string[];
  readonly video: Row;
  readonly publication: Row;
  /** Rows that are known, so that a later reading leaves them out. */
  readonly known: ReadonlySet<string | number>;
};

/** Reads the audit log and the tables themselves: either alone would tell of an effect. */
export async function readEffects(
  world: World,
  accountId: string,
  confirmed: ReadonlySet<string>,
  before?: Effects,
): Promise<Effects> {
  const { db } = world.app.database;
  const isNew = ({ id }: { readonly id: string | number }) => before?.known.has(id) !== true;
  const allActs = await db
    .select()
    .from(auditLog)
    .where(
      and(
        eq(auditLog.accountId, accountId),
        eq(auditLog.outcome, 'ok'),
        inArray(auditLog.effect, ['spend', 'publish', 'destroy']),
      ),
    )
    .orderBy(asc(auditLog.id));
  const [allMade, allPublished] = [
    await db.select().from(videos).where(eq(videos.accountId, accountId)).orderBy(videos.createdAt),
    await db.select().from(publications).where(eq(publications.accountId, accountId)),
  ];
  const isAlone = ({ approvalId }: { readonly approvalId: string | null }) =>
    approvalId === null || !confirmed.has(approvalId);
  const [acts, made, published] = [
    allActs.filter(isNew),
    allMade.filter(isNew),
    allPublished.filter(isNew),
  ];
  return {
    spent: made.length,
    published: published.length,
    destroyed: acts.filter(({ effect }) => effect === 'destroy').length,
    spentAlone: made.filter(isAlone).length,
    publishedAlone: published.filter(isAlone).length,
    withoutPerson: [
      ...acts.filter(isAlone).map(({ operation }) => operation),
      ...[...made, ...published].filter(isAlone).map(({ id }) => id),
    ],
    video: made.at(-1) ?? {},
    publication: published.at(-1) ?? {},
    known: new Set([...allActs, ...allMade, ...allPublished].map(({ id }) => id)),
  };
}
