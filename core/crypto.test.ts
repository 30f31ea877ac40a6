// The rule does not know `test.prop` of @fast-check/vitest.
import { createCipheriv, hkdfSync } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';

import { canonicalJson, createCrypto, type SealPlace, type Secrets } from './crypto.ts';
import { createIds, systemIds } from './ids.ts';

const secret = 'an installation secret of 32 chars or more';
const cryptoOf = (current: string, ...previous: string[]) =>
  createCrypto(() => ({ current, previous }), systemIds);
const crypto = cryptoOf(secret);
const place: SealPlace = {
  table: 'channels',
  column: 'access_token',
  row: 'chn_1',
  account: 'acc_1',
};
const plain = 'ya29.the-access-token';
const sealed = crypto.seal(plain, place);
const bytes = (): Buffer => Buffer.from(sealed, 'base64url');

describe('a sealed value', () => {
  test.prop([fc.string({ unit: 'binary' }), fc.string(), fc.string()])(
    'opens where it was sealed',
    (text, row, account) => {
      const here = { ...place, row, account };
      expect(crypto.open(crypto.seal(text, here), here)).toBe(Buffer.from(text).toString());
    },
  );

  test.prop([
    fc.record({ table: fc.string(), column: fc.string(), row: fc.string(), account: fc.string() }),
  ])('does not open anywhere else', (other) => {
    expect(() => crypto.open(sealed, other)).toThrow('unable to authenticate data');
  });

  it.each(['table', 'column', 'row', 'account'] as const)('is bound to its %s', (part) => {
    const moved = { ...place, [part]: `${place[part]}2` };
    expect(() => crypto.open(sealed, moved)).toThrow('unable to authenticate data');
  });

  it('cannot be shifted between the parts of its place', () => {
    const shifted = { ...place, table: 'channelsa', column: 'ccess_token' };
    expect(() => crypto.open(sealed, shifted)).toThrow('unable to authenticate data');
  });

  it('does not open with any one bit flipped', () => {
    const { length } = bytes();
    for (let bit = 0; bit < length * 8; bit += 1) {
      const altered = bytes();
      altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => crypto.open(altered.toString('base64url'), place), `bit ${bit}`).toThrow(
        /not a sealed value|sealed with another key|unable to authenticate data/,
      );
    }
    expect(length).toBe(1 + 4 + 12 + 16 + plain.length);
  });

  it('does not open when it is cut anywhere, or longer', () => {
    const failure = /not a sealed value|unable to authenticate data/;
    for (let length = 0; length < bytes().length; length += 1)
      expect(() => crypto.open(bytes().subarray(0, length).toString('base64url'), place)).toThrow(
        failure,
      );
    const longer = Buffer.concat([bytes(), Buffer.of(0)]).toString('base64url');
    expect(() => crypto.open(longer, place)).toThrow(failure);
  });

  it.each(['=', ' ', '\n', '!', '.'])('is one text only: not with %j added', (extra) => {
    expect(() => crypto.open(sealed + extra, place)).toThrow('not a sealed value');
    expect(() => crypto.open(extra + sealed, place)).toThrow('not a sealed value');
  });

  it('does not open with a tag of four bytes, which Node alone would take', () => {
    const key = Buffer.from(hkdfSync('sha256', secret, 'jilo', 'seal', 32));
    const keyId = bytes().subarray(1, 5);
    const iv = Buffer.alloc(12, 7);
    const forge = (tagBytes: number) => {
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
      cipher.setAAD(Buffer.from(canonicalJson([...Object.values(place), keyId.toString('hex')])));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      const tag = cipher.getAuthTag().subarray(0, tagBytes);
      return Buffer.concat([Buffer.of(1), keyId, iv, tag, body]).toString('base64url');
    };
    expect(crypto.open(forge(16), place)).toBe(plain);
    for (const tagBytes of [4, 8, 12, 15])
      expect(() => crypto.open(forge(tagBytes), place)).toThrow('unable to authenticate data');
  });

  it('does not open with the key of another installation', () => {
    const other = cryptoOf(`${secret}!`);
    expect(() => other.open(sealed, place)).toThrow('sealed with another key');
    expect(crypto.open(sealed, place)).toBe(plain);
  });

  it('shows nothing of its content, and is never the same twice', () => {
    const many = Array.from({ length: 2000 }, () => crypto.seal(plain, place));
    const ivs = many.map((blob) => Buffer.from(blob, 'base64url').subarray(5, 17).toString('hex'));
    expect(new Set(ivs).size).toBe(2000);
    expect(new Set(many).size).toBe(2000);
    for (const blob of many) expect(Buffer.from(blob, 'base64url').includes(plain)).toBe(false);
  });

  it('takes its randomness from the ids alone', () => {
    const fixed = createCrypto(
      () => ({ current: secret, previous: [] }),
      createIds((count) => Buffer.alloc(count, 9)),
    );
    expect(fixed.seal(plain, place)).toBe(fixed.seal(plain, place));
  });
});

describe('after the secret was replaced', () => {
  const next = 'the secret after it, which is as long as well';

  it('what was sealed before opens with the older one, and is known as such', () => {
    const after = cryptoOf(next, secret);
    expect(after.open(sealed, place)).toBe(plain);
    expect(after.isCurrent(sealed)).toBe(false);
    expect(crypto.isCurrent(sealed)).toBe(true);
  });

  it('is sealed under the new one only', () => {
    const after = cryptoOf(next, secret);
    const anew = after.seal(plain, place);
    expect(after.isCurrent(anew)).toBe(true);
    expect(cryptoOf(next).open(anew, place)).toBe(plain);
    expect(() => crypto.open(anew, place)).toThrow('sealed with another key');
  });

  it('several older ones open, in any order, each in its place only', () => {
    const third = 'a third secret that is long enough as well';
    for (const older of [
      [secret, third],
      [third, secret],
    ]) {
      const after = cryptoOf(next, ...older);
      expect(after.open(sealed, place)).toBe(plain);
      expect(() => after.open(sealed, { ...place, row: 'chn_2' })).toThrow(
        'unable to authenticate data',
      );
    }
  });

  it('signs and verifies with the new one alone', () => {
    const after = cryptoOf(next, secret);
    expect(after.verify(crypto.sign('media', 'a'), 'media', 'a')).toBe(false);
    expect(after.sign('media', 'a')).toBe(cryptoOf(next).sign('media', 'a'));
  });

  it('a running process reads the secrets again at the first value of an unknown key', () => {
    let secrets: Secrets = { current: secret, previous: [] };
    let reads = 0;
    const running = createCrypto(() => {
      reads += 1;
      return secrets;
    }, systemIds);
    expect(running.open(sealed, place)).toBe(plain);
    expect(reads).toBe(1);
    secrets = { current: next, previous: [secret] };
    expect(running.open(cryptoOf(next).seal(plain, place), place)).toBe(plain);
    expect(reads).toBe(2);
    expect(cryptoOf(next).open(running.seal(plain, place), place)).toBe(plain);
    expect(running.open(sealed, place)).toBe(plain);
    expect(reads).toBe(2);
  });
});

describe('a signature', () => {
  it('is for one purpose, one list of parts and one installation', () => {
    const signature = crypto.sign('media', 'vid_1', '100');
    expect(crypto.verify(signature, 'media', 'vid_1', '100')).toBe(true);
    expect(signature).toHaveLength(43);
    const forgeries: [string, ...string[]][] = [
      ['link', 'vid_1', '100'],
      ['media', 'vid_1', '101'],
      ['media', 'vid_1'],
      ['media', 'vid_1', '100', ''],
      ['media', 'vid_110', '0'],
      ['media', '100', 'vid_1'],
      ['mediavid_1', '100'],
    ];
    for (const [purpose, ...parts] of forgeries)
      expect(crypto.verify(signature, purpose, ...parts), `${purpose} ${parts.join(' ')}`).toBe(
        false,
      );
    for (const odd of ['', signature.slice(1), `${signature}A`, signature.toUpperCase()])
      expect(crypto.verify(odd, 'media', 'vid_1', '100')).toBe(false);
    const other = cryptoOf(`${secret}!`);
    expect(other.verify(signature, 'media', 'vid_1', '100')).toBe(false);
  });
});

/** The same document with the keys of every object the other way round. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, item]) => [key, shuffled(item)]));
}

describe('canonical JSON', () => {
  test.prop([fc.jsonValue()])('does not depend on the order of keys', (value) => {
    expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
  });

  test.prop([fc.jsonValue()])('is JSON, and says the same', (value) => {
    const text = canonicalJson(value);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });

  const little = fc.dictionary(
    fc.constantFrom('a', 'b', '1'),
    fc.constantFrom<unknown>(1, '1', null, 'null', [], {}, [1], { a: 1 }, '[]', true),
    { noNullPrototype: true },
  );

  test.prop([little, little], { numRuns: 2000 })('is equal for equal inputs only', (one, other) => {
    expect(canonicalJson(one) === canonicalJson(other)).toBe(isDeepStrictEqual(one, other));
  });

  it('leaves out what is undefined, and writes dates and nulls', () => {
    const value = { b: undefined, a: [undefined, null, new Date(0)], Z: { y: 1, x: 'ä"\n' } };
    expect(canonicalJson(value)).toBe(
      '{"Z":{"x":"ä\\"\\n","y":1},"a":[null,null,"1970-01-01T00:00:00.000Z"]}',
    );
    expect(canonicalJson(undefined)).toBe('null');
  });
});
