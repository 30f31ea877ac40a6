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

/** The secrets of an installation, each of at least 32 characters. */
export type Secrets = {
  /** Seals and signs. */
  readonly current: string;
  /** Open what was sealed before the current one; they sign and verify nothing. */
  readonly previous: readonly string[];
};

export interface Crypto {
  /** Seals with AES-256-GCM: base64url of version | key id (4) | iv (12) | tag (16) | ciphertext. */
  seal(plain: string, place: SealPlace): string;
  /** @throws Error when the blob was altered, moved, or sealed with a key that is not known. */
  open(sealed: string, place: SealPlace): string;
  /** Whether the blob names the key that is sealed with now. */
  isCurrent(sealed: string): boolean;
  /** HMAC-SHA-256 over the parts for one purpose, base64url. */
  sign(purpose: string, ...parts: readonly string[]): string;
  /** Whether `signature` is that of the parts, compared in constant time. */
  verify(signature: string, purpose: string, ...parts: readonly string[]): boolean;
}

const version = 1;
const keyIdBytes = 4;
const header = 1 + keyIdBytes;
const ivBytes = 12;
const tagBytes = 16;

type Keys = {
  readonly currentId: string;
  /** Keys by their id, in hex. */
  readonly sealing: ReadonlyMap<string, Buffer>;
  readonly signing: Buffer;
};

const derive = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'jilo', purpose, 32));

const idOf = (key: Buffer): string =>
  createHash('sha256')
    .update(key)
    .digest('hex')
    .slice(0, 2 * keyIdBytes);

function deriveKeys({ current, previous }: Secrets): Keys {
  const key = derive(current, 'seal');
  const older = previous.map((secret) => derive(secret, 'seal'));
  const sealing = new Map([...older, key].map((one) => [idOf(one), one]));
  return { currentId: idOf(key), sealing, signing: derive(current, 'sign') };
}

const bind = (place: SealPlace, keyId: string): Buffer =>
  Buffer.from(canonicalJson([place.table, place.column, place.row, place.account, keyId]));

/**
 * Sealing and signing with keys derived from the secrets. A value of an unknown key makes it read the
 * secrets once more: another process may have replaced them meanwhile.
 */
export function createCrypto(load: () => Secrets, ids: Ids): Crypto {
  let keys = deriveKeys(load());
  const sign = (purpose: string, ...parts: readonly string[]) =>
    createHmac('sha256', keys.signing)
      .update(canonicalJson([purpose, ...parts]))
      .digest('base64url');
  const findKey = (keyId: string): Buffer => {
    if (!keys.sealing.has(keyId)) keys = deriveKeys(load());
    const key = keys.sealing.get(keyId);
    if (!key) throw new Error('sealed with another key');
    return key;
  };
  return {
    sign,
    verify: (signature, purpose, ...parts) =>
      equalInConstantTime(signature, sign(purpose, ...parts)),
    isCurrent: (sealed) => readKeyId(Buffer.from(sealed, 'base64url')) === keys.currentId,
    seal(plain, place) {
      const { currentId } = keys;
      const iv = ids.random(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', findKey(currentId), iv, {
        authTagLength: tagBytes,
      });
      cipher.setAAD(bind(place, currentId));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const head = Buffer.concat([Buffer.of(version), Buffer.from(currentId, 'hex')]);
      return Buffer.concat([head, iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed, place) {
      const blob = Buffer.from(sealed, 'base64url');
      // The decoder skips what is not base64url: only the text that was sealed is taken.
      const whole = blob.toString('base64url') === sealed;
      if (!whole || blob.length < header + ivBytes + tagBytes || blob[0] !== version)
        throw new Error('not a sealed value');
      const keyId = readKeyId(blob);
      const iv = blob.subarray(header, header + ivBytes);
      const tag = blob.subarray(header + ivBytes, header + ivBytes + tagBytes);
      const decipher = createDecipheriv('aes-256-gcm', findKey(keyId), iv, {
        authTagLength: tagBytes,
      });
      decipher.setAAD(bind(place, keyId));
      decipher.setAuthTag(tag);
      const body = blob.subarray(header + ivBytes + tagBytes);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}

const readKeyId = (blob: Buffer): string => blob.subarray(1, header).toString('hex');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether two texts are equal, told in a time that does not depend on where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

export const sha256Base64Url = (text: string): string => digest(text).toString('base64url');

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
