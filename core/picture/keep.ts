import { Readable } from 'node:stream';

import { and, desc, eq, ne, sql } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { pictures } from '../../drizzle/schema/pictures.ts';
import { requirePort, type Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { fieldFault, type Problem } from '../input-fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { pictureLimits, type PictureProblem } from '../ports/pictures.ts';
import type { StoredFile } from '../ports/storage.ts';
import { inScope, serverOf } from '../scope.ts';
import { pictureExpire } from './queue.ts';
import { dropPictures, fileToCome, hasFile, isSpare } from './row.ts';

type PictureRow = typeof pictures.$inferSelect;

/** Of one account; those that a publication waits for come on top, and are few. */
const mostKept = 50;

const problems: Readonly<Record<PictureProblem, Problem>> = {
  host: { problem: 'picture_elsewhere', params: null },
  bytes: {
    problem: 'picture_too_many_bytes',
    params: { most: `${pictureLimits.bytes / 1024 ** 2} MiB` },
  },
  kind: { problem: 'no_picture', params: null },
  pixels: { problem: 'picture_too_many_pixels', params: { most: pictureLimits.side } },
};

export const pictureKeep = defineOperation({
  name: 'picture_keep',
  summary: {
    en: 'Keep a picture that was uploaded in the chat, for a publication.',
    zh: '保存在聊天中上传的图片，用于发布。',
  },
  effect: 'write',
  audience: 'people',
  needs: ['storage', 'pictures'],
  input: z.object({
    url: z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .describe('Address of a picture that was uploaded in the chat'),
  }),
  output: z.object({
    picture: z.string().describe('Pass this to publication_create; kept for 7 days'),
    width: z.int(),
    height: z.int(),
    bytes: z.int(),
  }),
  async run({ url }, context) {
    const fetched = await requirePort(context.ports, 'pictures').fetch(url, context.signal);
    if (fetched.kind === 'refused') throw fieldFault('url', problems[fetched.problem]);
    const { data, width, height } = fetched.picture;
    const id = context.ids.next('pic');
    const fileKey = `pictures/${id}.jpg`;
    const { db } = context.database;
    // The row comes first, so that a file is never without one, whatever dies when.
    await db.insert(pictures).values({
      id,
      accountId: context.actor.accountId,
      serverId: serverOf(context.actor),
      fileKey,
      ...fileToCome,
      width,
      height,
      createdAt: context.clock.now(),
    });
    const file = await context.ports.storage.write(fileKey, Readable.from([data]), data.length);
    await db.transaction((tx) => takeIn(tx, context, id, file));
    return { picture: id, width, height, bytes: file.bytes };
  },
  say: ({ picture, width, height }, locale) =>
    catalogue(locale).say.picture_keep({ picture, width, height }),
});

/** From here on the picture is there; what is too much for the account is dropped for it, the oldest first. */
async function takeIn(tx: Tx, context: Context, id: string, file: StoredFile): Promise<void> {
  const { accountId } = context.actor;
  // Of two that come at once, the second counts the first.
  const lock = `pictures:${accountId}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
  const [kept] = await tx
    .update(pictures)
    .set({ bytes: file.bytes, sha256: file.sha256 })
    .where(eq(pictures.id, id))
    .returning({ id: pictures.id });
  if (!kept) throw new Error(`the row of ${id} vanished`);
  const spare = and(eq(pictures.accountId, accountId), hasFile, isSpare(tx));
  const older = await tx
    .select({ id: pictures.id })
    .from(pictures)
    .where(and(spare, ne(pictures.id, id)))
    .orderBy(desc(pictures.createdAt), desc(pictures.id))
    .offset(mostKept - 1);
  const ids = older.map((picture) => picture.id);
  if (ids.length === 0) return;
  await dropPictures(tx, ids, spare);
  await context.queue.enqueue(tx, pictureExpire, { accountId });
}

/** Keeps it from being removed until the commit. @throws Fault `not_found` when it is gone already. */
export async function holdPicture(tx: Tx, id: string): Promise<void> {
  const [held] = await tx
    .select({ id: pictures.id })
    .from(pictures)
    .where(and(eq(pictures.id, id), hasFile))
    .for('share');
  if (!held) throw new Fault('not_found', { what: 'picture', id }, { field: 'picture' });
}

/** A kept picture of the person. @throws Fault `not_found` for one of another account or server, or that is over, just as for none. */
export async function readPicture(context: Context, id: string): Promise<PictureRow> {
  const [picture] = await context.database.db
    .select()
    .from(pictures)
    .where(and(eq(pictures.id, id), hasFile, inScope(context.actor, pictures)));
  if (!picture) throw new Fault('not_found', { what: 'picture', id }, { field: 'picture' });
  return picture;
}
