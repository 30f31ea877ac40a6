import { crc32 } from 'node:zlib';

import { sha256Hex } from '../crypto.ts';
import type { Ids } from '../ids.ts';

const prefix = 'jilo_';
const secretBytes = 32;
const shape = /^(jilo_[\w-]{43})([\w-]{6})$/;

/** A new token: the prefix, 32 unguessable bytes in base64url, and six characters of checksum. */
export function createToken(ids: Ids): string {
  const body = `${prefix}${ids.random(secretBytes).toString('base64url')}`;
  return `${body}${checksumOf(body)}`;
}

/** Whether a text may be a token at all: a typo is told without asking the database. */
export function isToken(text: string): boolean {
  const [, body, checksum] = shape.exec(text) ?? [];
  return body !== undefined && checksumOf(body) === checksum;
}

/** What is kept of a token. */
export const hashOf = (token: string): string => sha256Hex(token);

/** CRC-32 in base64url. It holds no secret, so that a scanner for leaked tokens can check it as well. */
function checksumOf(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64url');
}
