import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';

import { isCommonPassword } from './common-passwords.ts';
import { lacksOf, maxPasswordLength, minPasswordLength } from './password.ts';

/** A text of so many characters that meets every rule but that of its length. */
const ofLength = (length: number, letters: string): string => {
  const all = Array.from(letters);
  const rest = Array.from({ length: length - 2 }, (_, index) => all[index % all.length] ?? '');
  return ['w', ...rest, '7'].join('');
};

describe('the length of a password', () => {
  test.each([
    [minPasswordLength - 1, ['too_short']],
    [minPasswordLength, []],
    [minPasswordLength + 1, []],
    [maxPasswordLength - 1, []],
    [maxPasswordLength, []],
    [maxPasswordLength + 1, ['too_long']],
  ])('of %i characters, of whatever they are', (length, lacks) => {
    for (const letters of ['vkrzm', 'жлщ', '舟船雨', '🚀🌧', '  .', 'vé'])
      expect([letters, lacksOf(ofLength(length, letters))]).toEqual([letters, lacks]);
  });
});

const scripts = ['vkrzmpxw', 'жлщфынгк', '舟船雨河街纸小城', 'अनकमलथदप', 'שלגםרחנט', 'ابتثجحخد'];
const digits = ['0123456789', '٠١٢٣٤٥٦٧٨٩', '०१२३४५६७८९', '０１２３４５６７８９'];
const some = (texts: readonly string[], min: number, max: number) =>
  fc
    .constantFrom(...texts)
    .chain((text) =>
      fc
        .array(fc.constantFrom(...Array.from(text)), { minLength: min, maxLength: max })
        .map((one) => one.join('')),
    );

describe('letters and digits', () => {
  property.prop([some(scripts, 7, 30), some(digits, 5, 30)])(
    'of any script are taken together',
    (letters, numbers) => {
      fc.pre(new Set(letters).size > 2);
      expect(lacksOf(`${letters}${numbers}`)).toEqual([]);
      expect(lacksOf(letters.padEnd(8, '!'))).toContain('no_digit');
      expect(lacksOf(numbers.padEnd(8, '!'))).toContain('no_letter');
    },
  );

  property.prop([fc.string({ unit: 'binary', maxLength: 140 })])(
    'each lack is said once, and exactly when it is there',
    (password) => {
      const lacks = lacksOf(password);
      const length = Array.from(password).length;
      expect(new Set(lacks).size).toBe(lacks.length);
      expect(lacks.includes('too_short')).toBe(length < 8);
      expect(lacks.includes('too_long')).toBe(length > 128);
      expect(lacks.includes('no_letter')).toBe(!/\p{L}/u.test(password));
      expect(lacks.includes('no_digit')).toBe(!/\p{Nd}/u.test(password));
    },
  );
});

describe('a password that everybody tries first', () => {
  test.each([
    'password1',
    'Password1!',
    'PASSWORD123',
    'p@ssw0rd1',
    'passw0rd!1',
    'ｐassword1',
    'abc12345',
    'Qwerty123',
    'qwerty123456',
    '1q2w3e4r',
    '1Q2W3E4R!',
    'iloveyou1',
    'a1234567',
    'woaini1314',
    'woaini520',
    'aaaaaaa1',
    'zzzzzzzz99',
    'letmein2026',
    'dragon2024',
    'welcome1',
    'admin123!',
    '1qaz2wsx',
    'sunshine99',
    'iloveyou!1',
    'football12',
    'zhongguo1',
    'monkey1234',
  ])('%s is refused', (password) => {
    expect(lacksOf(password)).toEqual(['too_common']);
  });

  test.each([
    'correct horse 7',
    'dragon 4 breakfast',
    'passwordless-7-trees',
    'qwerty-zebra-19',
    'monkey7402938',
    '一艘纸船顺流而下7',
    'k9v!Trw0',
    'abc74092385',
  ])('%s is not', (password) => {
    expect(lacksOf(password)).toEqual([]);
  });

  test('each of the 3,000 most used ones that are long enough and have letters and digits is refused', () => {
    const packed = readFileSync(new URL('listed-passwords.txt.gz', import.meta.url));
    const listed = new Set(gunzipSync(packed).toString('utf8').trimEnd().split('\n'));
    expect(listed.size).toBe(3000);
    for (const said of ['rush2112', '12qwaszx', 'nokia6300', 'hawaii50'])
      expect(listed).toContain(said);
    for (const password of listed)
      for (const typed of [password, password.toUpperCase()])
        expect([typed, lacksOf(typed)]).toEqual([typed, ['too_common']]);
  });

  property.prop([
    fc.constantFrom('password', 'qwerty12', 'iloveyou'),
    fc.infiniteStream(fc.boolean()),
  ])('is one in whatever case', (word, isUpper) => {
    const written = Array.from(word, (letter) =>
      isUpper.next().value ? letter.toUpperCase() : letter,
    ).join('');
    expect(isCommonPassword(`${written}1`)).toBe(true);
  });
});

describe('a password that says who it is for', () => {
  test.each([
    ['marina.k 2041', 'marina.k@example.org', ['like_address']],
    ['xMARINAx2041', 'Marina@example.org', ['like_address']],
    ['my jilo 20417', '', ['like_address']],
    ['JILO is 1 boat', 'kim@example.org', ['like_address']],
    // Three characters stand in many passwords by chance.
    ['skimming 7 stones', 'kim@example.org', []],
    ['skimming 7 stones', '@example.org', []],
    ['example.org 2041', 'marina@example.org', []],
  ])('%s for %s', (password, email, lacks) => {
    expect(lacksOf(password, email)).toEqual(lacks);
  });
});
