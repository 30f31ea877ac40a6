import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

import type { SandboxPlatform } from './videos.ts';

const width = 90;
const height = 160;

/** Where the picture of a video is; TikTok and Instagram sign such addresses, and they expire. */
export function pictureUrl(
  imagesUrl: string,
  { platform, id, now }: { platform: SandboxPlatform; id: string; now: Date },
): string {
  const name = `${platform}-${id}`;
  const signs = signers[platform];
  if (!signs) return `${imagesUrl}/${name}.png`;
  const expires = (Math.floor(now.getTime() / 1000) + signs.lifeSeconds).toString(signs.radix);
  const query = new URLSearchParams({
    [signs.expires]: expires,
    [signs.signature]: sign(name, expires),
  });
  return `${imagesUrl}/${name}.png?${query.toString()}`;
}

/** Whether a picture is served under this address at this moment. */
export function isPictureShown(name: string, query: URLSearchParams, now: Date): boolean {
  const signs = signers[name.slice(0, name.indexOf('-'))];
  if (!signs) return true;
  const expires = query.get(signs.expires) ?? '';
  if (query.get(signs.signature) !== sign(name, expires)) return false;
  return Number.parseInt(expires, signs.radix) * 1000 > now.getTime();
}

/** How the platforms write the end of an address: unix seconds, decimal or hexadecimal. */
const signers: Readonly<
  Record<
    string,
    { expires: string; signature: string; radix: number; lifeSeconds: number } | undefined
  >
> = {
  tiktok: { expires: 'x-expires', signature: 'x-signature', radix: 10, lifeSeconds: 24 * 3600 },
  instagram: { expires: 'oe', signature: 'oh', radix: 16, lifeSeconds: 4 * 24 * 3600 },
};

const sign = (name: string, expires: string): string =>
  createHash('sha256').update(`sandbox|${name}|${expires}`).digest('base64url').slice(0, 27);

/** A small upright PNG with a colour gradient told by the name. */
export function drawImage(name: string): Buffer {
  const hash = crc32(name);
  const [red, green, blue] = [hash & 255, (hash >> 8) & 255, (hash >> 16) & 255];
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    const fade = 1 - y / (2 * height);
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      rows.writeUInt8(Math.round(red * fade), at);
      rows.writeUInt8(Math.round(green * fade), at + 1);
      rows.writeUInt8(Math.round(blue * (0.5 + x / (2 * width))), at + 2);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
