import { crc32, deflateSync } from 'node:zlib';

const width = 90;
const height = 160;

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
