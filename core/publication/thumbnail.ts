import { eq } from 'drizzle-orm';

import { pictures } from '../../drizzle/schema/pictures.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { withAccess } from '../channel/access.ts';
import { requirePort, type JobContext } from '../context.ts';
import { Fault } from '../fault.ts';
import { ensurePoster } from '../video/poster.ts';
import { defineExtra } from './extra.ts';
import { publicationThumbnail } from './queue.ts';
import type { PublicationRow } from './row.ts';

/** Gives an uploaded video the chosen picture. */
export const thumbnailPublication = defineExtra(
  'thumbnail',
  publicationThumbnail,
  async (context, row, hostVideoId) => {
    const host = requirePort(context.ports, 'videoHost');
    const data = await readPictureOf(context, row);
    await withAccess(context, row.channelId, (token) =>
      host.setThumbnail(token, hostVideoId, { data, contentType: 'image/jpeg' }),
    );
  },
);

/** What YouTube shows at its largest. */
const size = { width: 1280, height: 720 };

/** @throws Fault `not_found` when the picture, or the video that it is taken from, is gone. */
async function readPictureOf(context: JobContext, row: PublicationRow): Promise<Buffer> {
  if (row.thumbnail === 'generated') return drawPicture(context, row);
  const { storage } = context.ports;
  const key = await pictureKeyOf(context, row);
  const file = await storage.stat(key);
  if (!file) throw new Fault('not_found', { what: 'picture', id: key });
  const parts: Buffer[] = [];
  for await (const part of storage.read(key, 0, file.bytes - 1)) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** @throws Fault `provider_failed` when no frame of the video can be decoded. */
async function drawPicture(context: JobContext, row: PublicationRow): Promise<Buffer> {
  const { storage, mediaTools } = context.ports;
  const { fileKey } = await readVideoOf(context, row);
  if (fileKey === null || !(await storage.stat(fileKey))) throw videoGone(row);
  await using file = await storage.local(fileKey);
  return mediaTools.drawThumbnail({ videoPath: file.path, title: row.title, size });
}

async function pictureKeyOf(context: JobContext, row: PublicationRow): Promise<string> {
  const { pictureId } = row;
  if (pictureId === null) return ensurePoster(context, await readVideoOf(context, row));
  const { db } = context.database;
  const [picture] = await db.select().from(pictures).where(eq(pictures.id, pictureId));
  if (!picture) throw new Fault('not_found', { what: 'picture', id: pictureId });
  return picture.fileKey;
}

async function readVideoOf(context: JobContext, row: PublicationRow) {
  const { db } = context.database;
  const [video] = await db.select().from(videos).where(eq(videos.id, row.videoId));
  if (!video) throw videoGone(row);
  return video;
}

const videoGone = ({ videoId }: PublicationRow): Fault =>
  new Fault('not_found', { what: 'video', id: videoId });
