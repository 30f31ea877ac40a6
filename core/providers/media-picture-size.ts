import type { Size } from './media-jpeg.ts';

/**
 * The pixels of a JPEG, PNG or WebP by its header, read before anything is decoded; null for anything
 * else. Turning by EXIF is not looked at.
 */
export function pictureSize(data: Buffer): Size | null {
  const size = pngSize(data) ?? jpegSize(data) ?? webpSize(data);
  return size && size.width > 0 && size.height > 0 ? size : null;
}

/** Whether the first 12 bytes are those of a JPEG, PNG or WebP. */
export const beginsAsPicture = (head: Buffer): boolean =>
  isPng(head) || isJpeg(head) || isWebp(head);

const isPng = (data: Buffer): boolean =>
  data.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n';
const isJpeg = (data: Buffer): boolean => data.subarray(0, 3).toString('latin1') === '\xff\xd8\xff';
const isWebp = (data: Buffer): boolean =>
  data.toString('latin1', 0, 4) === 'RIFF' && data.toString('latin1', 8, 12) === 'WEBP';

function pngSize(data: Buffer): Size | null {
  if (!isPng(data) || data.length < 24 || data.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { width: data.readUInt32BE(16), height: data.readUInt32BE(20) };
}

/** Frame headers of every kind of JPEG; DHT, JPG and DAC lie between them and are none. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpegSize(data: Buffer): Size | null {
  if (!isJpeg(data)) return null;
  for (let at = 2; at + 9 <= data.length;) {
    if (data[at] !== 0xff) return null;
    const marker = data[at + 1] ?? 0;
    // Fill bytes may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrame(marker))
      return { width: data.readUInt16BE(at + 7), height: data.readUInt16BE(at + 5) };
    at += 2 + data.readUInt16BE(at + 2);
  }
  return null;
}

function webpSize(data: Buffer): Size | null {
  if (!isWebp(data) || data.length < 30) return null;
  switch (data.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: data.readUIntLE(24, 3) + 1, height: data.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const bits = data.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: data.readUInt16LE(26) & 0x3fff, height: data.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}
