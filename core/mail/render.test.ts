import { describe, expect, test } from 'vitest';

import { locales } from '../messages/catalogue.ts';
import { mailWords } from '../messages/mails.ts';
import { mailSchema } from '../ports/mailer.ts';
import { letterSchema, type Letter } from './letter.ts';
import { renderMail } from './render.ts';

const link = 'https://jilo.example/verify?token=a1b2&next=%2Fplans';
const letters: readonly Letter[] = [
  { template: 'verify', link },
  { template: 'reset', link },
  { template: 'already_registered', link, resetLink: 'https://jilo.example/reset?a=1&b=2' },
  { template: 'password_changed', link },
  { template: 'sign_in_linked', method: 'Google', link },
  { template: 'account_deleted' },
];
const to = 'ada@example.com';

const cases = letters.flatMap((letter) =>
  locales.map((locale) => [letter.template, locale, letter] as const),
);

const linksOf = (letter: Letter): string[] =>
  Object.entries(letter).flatMap(([name, value]) => (/link$/iu.test(name) ? [value] : []));

const unescaped = (markup: string): string =>
  markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

test('every template is rendered', () => {
  const known = letterSchema.options.map(({ shape }) => shape.template.value);
  expect(letters.map(({ template }) => template)).toEqual(known);
});

describe.each(cases)('%s in %s', (_template, locale, letter) => {
  const mail = renderMail(letter, { to, locale });

  test('is a mail of less than 20 KB that loads nothing', () => {
    expect(mailSchema.parse(mail)).toEqual(mail);
    expect(Buffer.byteLength(mail.html) + Buffer.byteLength(mail.text)).toBeLessThan(20_000);
    expect(mail.html).not.toMatch(
      /<(?:img|script|link|iframe|style|object)\b|\bsrc=|url\(|@import/iu,
    );
    const pressed = [...mail.html.matchAll(/href="([^"]*)"/gu)].map(([, one = '']) =>
      unescaped(one),
    );
    expect(pressed).toEqual(linksOf(letter));
  });

  test('says the same as text and as a page', () => {
    const page = unescaped(mail.html.replaceAll(/<[^>]+>/gu, ''));
    const said = mail.text
      .split('\n')
      .map((line) => line.replace(/:$/u, '').trim())
      .filter((line) => line !== '' && line !== '--');
    for (const line of said) expect(page).toContain(line);
    for (const one of linksOf(letter)) expect(said).toContain(one);
    expect(mail.to).toBe(to);
  });

  test('is in its language', () => {
    const isChinese = /\p{Script=Han}/u;
    expect(mail.html).toContain(`<html lang="${locale === 'zh' ? 'zh-CN' : 'en'}">`);
    expect(isChinese.test(mail.subject)).toBe(locale === 'zh');
    const lines = mail.text.split('\n').filter((line) => /[\p{L}]/u.test(line));
    const words = lines.filter((line) => !line.startsWith('https:'));
    expect(words.map((line) => isChinese.test(line))).toEqual(words.map(() => locale === 'zh'));
    expect(mail.text).toContain(mailWords(locale).footer);
  });
});

test('what comes from outside is text on the page', () => {
  const method = `<img src=x onerror="alert('1')"> & co`;
  const mail = renderMail({ template: 'sign_in_linked', method, link }, { to, locale: 'en' });
  expect(mail.html).not.toContain('<img');
  expect(mail.html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; co');
  expect(mail.text).toContain(method);
});

test('a link cannot leave its attribute, and must be one of the web', () => {
  const nasty = `https://jilo.example/?a="><script>alert(1)</script>`;
  const mail = renderMail({ template: 'verify', link: nasty }, { to, locale: 'en' });
  expect(mail.html).not.toContain('<script');
  expect(letterSchema.safeParse({ template: 'verify', link: 'javascript:alert(1)' }).success).toBe(
    false,
  );
});
