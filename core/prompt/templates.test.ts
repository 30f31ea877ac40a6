import { expect, test } from 'vitest';

import { locales } from '../messages/catalogue.ts';
import { promptField } from '../video/inputs.ts';
import { promptTemplates } from './templates.ts';

test('there are five, each of its own', () => {
  expect(promptTemplates).toHaveLength(5);
  expect(new Set(promptTemplates.map(({ id }) => id)).size).toBe(5);
});

test.each(promptTemplates.flatMap((one) => locales.map((locale) => ({ ...one, locale }))))(
  '$id in $locale is a prompt of 60 to 200 characters with one place to fill in',
  ({ title, text, locale }) => {
    const characters = Array.from(text[locale]).length;
    expect(characters).toBeGreaterThanOrEqual(60);
    expect(characters).toBeLessThanOrEqual(200);
    expect(promptField.parse(text[locale])).toBe(text[locale]);
    expect(text[locale].match(/\[[^\]]+\]|【[^】]+】/gu)).toHaveLength(1);
    expect(title[locale].length).toBeLessThanOrEqual(45);
    const isChinese = /\p{Script=Han}/u;
    for (const words of [title[locale], text[locale]])
      expect(isChinese.test(words)).toBe(locale === 'zh');
  },
);
