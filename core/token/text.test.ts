import { crc32 } from 'node:zlib';

import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';

import { createIds, systemIds } from '../ids.ts';
import { createToken, hashOf, isToken } from './text.ts';

const zeros = createIds((bytes) => Buffer.alloc(bytes));

describe('a token', () => {
  test('is a prefix, 32 bytes and a checksum that needs no secret', () => {
    const token = createToken(zeros);
    const body = `jilo_${'A'.repeat(43)}`;
    const sum = Buffer.from(crc32(body).toString(16).padStart(8, '0'), 'hex');
    expect(token).toBe(`${body}${sum.toString('base64url')}`);
    expect(token).toHaveLength(54);
    expect(isToken(token)).toBe(true);
  });

  test('is another one each time', () => {
    const made = Array.from({ length: 1000 }, () => createToken(systemIds));
    expect(new Set(made).size).toBe(1000);
    expect(made.every(isToken)).toBe(true);
  });

  property.prop([fc.uint8Array({ minLength: 32, maxLength: 32 })])(
    'is well formed whatever its bytes are',
    (bytes) => {
      const token = createToken(createIds(() => Buffer.from(bytes)));
      expect(isToken(token)).toBe(true);
      expect(Buffer.from(token.slice(5, 48), 'base64url')).toEqual(Buffer.from(bytes));
    },
  );

  test('is kept as a hash, from which it is not told', () => {
    const token = createToken(zeros);
    expect(hashOf(token)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(token)).not.toBe(hashOf(createToken(systemIds)));
  });
});

describe('what is no token', () => {
  const token = createToken(systemIds);

  test.each([
    ['nothing', ''],
    ['the prefix', 'jilo_'],
    ['another prefix', token.replace('jilo_', 'gilo_')],
    ['another case', token.toUpperCase()],
    ['one with a space before', ` ${token}`],
    ['one with a line after', `${token}\n`],
    ['one without its last character', token.slice(0, -1)],
    ['one with a character more', `${token}A`],
    ['one with NUL', `${token.slice(0, -1)}\0`],
    ['one in full-width letters', token.replace('jilo', 'ｊｉｌｏ')],
    ['one without its checksum', token.slice(0, -6)],
    ['two', `${token}${token}`],
    ['a very long one', `jilo_${'A'.repeat(1_000_000)}`],
  ])('%s', (_, text) => {
    expect(isToken(text)).toBe(false);
  });

  test('two characters that changed places', () => {
    for (let at = 5; at < token.length - 1; at += 1) {
      const swapped = `${token.slice(0, at)}${token[at + 1]}${token[at]}${token.slice(at + 2)}`;
      expect(isToken(swapped), swapped).toBe(swapped === token);
    }
  });
});
