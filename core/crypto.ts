import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto';

import type { Ids } from './ids.ts';

/** Where a sealed value lives: a blob moved to another row, column or account does not open. */
export type SealPlace = {
  readonly table: string;
  readonly column: string;
  readonly row: string;
  readonly account: string;
};

export interface Crypto {
  /** Seals with AES-256-GCM: base64url of version | key id (4) | iv (12) | tag (16) | ciphertext. */
  seal(plain: string, place: SealPlace): string;
  /** @throws Error when the blob was altered, moved, or sealed with another key. */
  open(sealed: string, place: SealPlace): string;
  /** HMAC-SHA-256 over the parts for one purpose, base64url. */
  sign(purpose: string, ...parts: readonly string[]): string;
  /** Whether `signature` is that of the parts, compared in constant time. */
  verify(signature: string, purpose: string, ...parts: readonly string[]): boolean;
}

const version = 1;
const header = 5;
const ivBytes = 12;
const tagBytes = 16;

/** Keys for sealing and signing, derived from one secret of at least 32 characters. */
export function createCrypto(secret: string, ids: Ids): Crypto {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'jilo', purpose, 32));
  const key = derive('seal');
  const keyId = createHash('sha256').update(key).digest().subarray(0, 4);
  const signingKey = derive('sign');
  const bind = (place: SealPlace) =>
    Buffer.from(
      canonicalJson([place.table, place.column, place.row, place.account, keyId.toString('hex')]),
    );
  const sign = (purpose: string, ...parts: readonly string[]) =>
    createHmac('sha256', signingKey)
      .update(canonicalJson([purpose, ...parts]))
      .digest('base64url');
  return {
    sign,
    verify(signature, purpose, ...parts) {
      return equalInConstantTime(signature, sign(purpose, ...parts));
    },
    seal(plain, place) {
      const iv = ids.random(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
      cipher.setAAD(bind(place));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(version), keyId, iv, cipher.getAuthTag(), body]).toString(
        'base64url',
      );
    },
    open(sealed, place) {
      const blob = Buffer.from(sealed, 'base64url');
      // The decoder skips what is not base64url: only the text that was sealed is taken.
      const whole = blob.toString('base64url') === sealed;
      if (!whole || blob.length < header + ivBytes + tagBytes || blob[0] !== version)
        throw new Error('not a sealed value');
      if (!blob.subarray(1, header).equals(keyId)) throw new Error('sealed with another key');
      const iv = blob.subarray(header, header + ivBytes);
      const tag = blob.subarray(header + ivBytes, header + ivBytes + tagBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
      decipher.setAAD(bind(place));
      decipher.setAuthTag(tag);
      const body = blob.subarray(header + ivBytes + tagBytes);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function equalInConstantTime(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

export const sha256Hex = (text: string): string => digest(text).toString('hex');

/** JSON with sorted keys and without undefined, so that equal inputs have equal text. Dates become ISO. */
export function canonicalJson(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${entries.join(',')}}`;
}
