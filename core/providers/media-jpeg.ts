import type { Canvas } from '@napi-rs/canvas';

/** YouTube takes thumbnails of 2 MB; this is below it, whichever way a megabyte is counted. */
const jpegByteLimit = 2_000_000;

const bestQuality = 92;
const worstQuality = 12;

export type Size = { readonly width: number; readonly height: number };

/** The largest size of the same shape that fits into `box`; nothing is made larger. */
export function fitInto({ width, height }: Size, box: Size): Size {
  const scale = Math.min(1, box.width / width, box.height / height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * Encodes as JPEG below a limit, in as good a quality as fits.
 * @throws Error when no quality does.
 */
export async function encodeJpeg(canvas: Canvas, byteLimit = jpegByteLimit): Promise<Buffer> {
  for (let quality = bestQuality; quality >= worstQuality; quality -= 10) {
    const data = await canvas.encode('jpeg', quality);
    if (data.length < byteLimit) return data;
  }
  throw new Error(`no JPEG of ${canvas.width}x${canvas.height} fits below ${byteLimit} bytes`);
}
