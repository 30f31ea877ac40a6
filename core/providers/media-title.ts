import type { ThumbnailWish } from '../ports/media-tools.ts';
import { faultOfFile } from './media-clips.ts';
import { encodeJpeg } from './media-jpeg.ts';
import { bestFrame } from './media-title-frame.ts';
import { layGround } from './media-title-ground.ts';
import { drawTitle } from './media-title-ink.ts';
import { shade } from './media-title-shade.ts';

/**
 * Draws the title over the frame that stands best for the video, as JPEG below 2,000,000 bytes; of a title
 * without any letter that can be drawn only the frame remains.
 * @throws Fault `provider_failed` when no frame of the file can be decoded.
 */
export async function drawThumbnail({ videoPath, title, size }: ThumbnailWish): Promise<Buffer> {
  const frame = await bestFrame(videoPath).catch((error: unknown) => {
    throw faultOfFile(error);
  });
  const picture = await layGround(frame, size);
  const ink = await drawTitle(title, size);
  if (ink) {
    await shade(picture, ink.block);
    picture.getContext('2d').drawImage(ink.canvas, 0, 0);
  }
  return encodeJpeg(picture);
}
