import { Readable } from 'node:stream';

import { and, eq } from 'drizzle-orm';
import { z } from 'zod';

import { pictures } from '../../drizzle/schema/pictures.ts';
import { requirePort, type Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { fieldFault, type Problem } from '../input-fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { pictureLimits, type PictureProblem } from '../ports/pictures.ts';
import { inScope, serverOf } from '../scope.ts';

type PictureRow = typeof pictures.$inferSelect;

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
    picture: z.string().describe('Pass this to publication_create'),
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
    const { bytes, sha256 } = await context.ports.storage.write(
      fileKey,
      Readable.from([data]),
      data.length,
    );
    await context.database.db.insert(pictures).values({
      id,
      accountId: context.actor.accountId,
      serverId: serverOf(context.actor),
      fileKey,
      bytes,
      sha256,
      width,
      height,
      createdAt: context.clock.now(),
    });
    return { picture: id, width, height, bytes };
  },
  say: ({ picture, width, height }, locale) =>
    catalogue(locale).say.picture_keep({ picture, width, height }),
});

/** A kept picture of the person. @throws Fault `not_found` for one of another account or server, just as for none. */
export async function readPicture(context: Context, id: string): Promise<PictureRow> {
  const [picture] = await context.database.db
    .select()
    .from(pictures)
    .where(and(eq(pictures.id, id), inScope(context.actor, pictures)));
  if (!picture) throw new Fault('not_found', { what: 'picture', id }, { field: 'picture' });
  return picture;
}
