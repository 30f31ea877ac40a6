import { Fault } from '../fault.ts';
import {
  pictureLimits,
  type FetchedPicture,
  type Picture,
  type PictureProblem,
  type Pictures,
} from '../ports/pictures.ts';
import type { DownloadHosts } from './download-addresses.ts';
import { createDownload, UnwantedDownload } from './download.ts';
import { encodeJpeg, fitInto, type Size } from './media-jpeg.ts';
import { beginsAsPicture, pictureSize } from './media-picture-size.ts';

const timeLimitMs = 30_000;

/** What a picture is drawn into, as it lies or stands. */
type Boxes = { readonly landscape: Size; readonly upright: Size };
const screen: Boxes = {
  landscape: { width: 1280, height: 720 },
  upright: { width: 1080, height: 1920 },
};
const card = { width: 480, height: 480 };

const problems: Readonly<Record<UnwantedDownload['reason'], PictureProblem>> = {
  address: 'host',
  length: 'bytes',
  kind: 'kind',
};

type PictureOptions = Pick<NonNullable<Parameters<typeof createDownload>[1]>, 'resolve'>;

/** Takes pictures from Discord's own media hosts, or from this machine for its emulator. */
export const createPictures = (
  hosts: Extract<DownloadHosts, 'discord' | 'loopback'>,
  options: PictureOptions = {},
): Pictures => takeFrom('Discord', { hosts, options, boxes: screen });

/** Takes small pictures of videos from the platforms' hosts, or from this machine for their emulator. */
export const createThumbnails = (
  hosts: Extract<DownloadHosts, 'platforms' | 'loopback'>,
  options: PictureOptions = {},
): Pictures =>
  takeFrom('The platform', { hosts, options, boxes: { landscape: card, upright: card } });

function takeFrom(
  provider: string,
  place: {
    readonly hosts: DownloadHosts;
    readonly options: PictureOptions;
    readonly boxes: Boxes;
  },
): Pictures {
  const download = createDownload(place.hosts, {
    ...place.options,
    byteLimit: pictureLimits.bytes,
    timeLimitMs,
    kind: {
      provider,
      accept: 'image/jpeg, image/png, image/webp',
      beginsRight: beginsAsPicture,
    },
  });
  return {
    async fetch(url, signal) {
      try {
        return await redraw(await readAll(await download(url, signal)), place.boxes);
      } catch (error) {
        const cause = error instanceof Fault ? error.cause : null;
        if (!(cause instanceof UnwantedDownload)) throw error;
        return refused(problems[cause.reason]);
      }
    },
  };
}

const refused = (problem: PictureProblem): FetchedPicture => ({ kind: 'refused', problem });

/**
 * Decodes a picture and draws it anew, so that nothing of the file itself is kept; its pixels are
 * counted before they are decoded.
 * @internal
 */
export async function redraw(data: Buffer, boxes: Boxes = screen): Promise<FetchedPicture> {
  const announced = pictureSize(data);
  if (!announced) return refused('kind');
  if (Math.max(announced.width, announced.height) > pictureLimits.side) return refused('pixels');
  const picture = await draw(data, boxes);
  return picture ? { kind: 'picture', picture } : refused('kind');
}

/** null for what cannot be decoded. */
async function draw(data: Buffer, boxes: Boxes): Promise<Picture | null> {
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const image = await loadImage(data).catch(() => null);
  if (!image || image.width < 1 || image.height < 1) return null;
  const { width, height } = fitInto(
    image,
    image.height > image.width ? boxes.upright : boxes.landscape,
  );
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  // JPEG knows no transparency: what is see-through would turn black.
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  return { data: await encodeJpeg(canvas), width, height };
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
