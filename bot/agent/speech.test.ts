import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';

import { cleanSpeech, cleanUnfinished, linksIn } from './speech.ts';

const ours = 'https://jilo.test/media/vid_1.mp4?sig=a-b_c&until=9';
const rules = { links: new Set([ours]), locale: 'en' } as const;
const clean = (text: string): string => cleanSpeech(text, rules);
const gone = '[link removed]';

describe('what people see of a model’s text', () => {
  it.each([
    [`Here: ${ours}`, `Here: ${ours}`],
    [`Here: ${ours}.`, `Here: ${ours}.`],
    [`(${ours})`, `(${ours})`],
    [`在这里：${ours}，请看`, `在这里：${ours}，请看`],
    [`看${ours}吧`, `看${ours} 吧`],
    [`[watch](${ours})`, `watch ${ours}`],
    [`[${ours}](${ours})`, ours],
    [
      'Upload it to youtube.com, or YouTube Studio.',
      'Upload it to youtube.com, or YouTube Studio.',
    ],
    ['Score 60.4 of 100. Next: e.g. 30 s, 9:16', 'Score 60.4 of 100. Next: e.g. 30 s, 9:16'],
    ['**Bold** and `code`\n- a list', '**Bold** and `code`\n- a list'],
    ['vid_0k3abc is ready', 'vid_0k3abc is ready'],
  ])('stays: %s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    ['See https://evil.example/x?y=1 now', `See ${gone} now`],
    [`See ${ours}&more=1`, `See ${gone}`],
    [`See ${ours}.evil.com/x`, `See ${gone}`],
    ['HTTP://EVIL.example', gone],
    ['hxxp is fine, ftp://evil.example/file is not', `hxxp is fine, ${gone} is not`],
    ['[free quota](https://evil.example/a)', `free quota ${gone}`],
    ['[free](<https://evil.example/a>)', `free <${gone}>`],
    ['join discord.gg/abc today', `join ${gone} today`],
    ['go to evil.com', `go to ${gone}`],
    ['www.evil.xyz/path', gone],
    ['javascript:alert(1) now', `${gone}) now`],
    ['hello <@123456789012345678> and <@&42> in <#9>', 'hello  and  in'],
    ['<@<@1>2>', ''],
    ['a\u202Eb\u200Bc\u001B[31m', 'abc[31m'],
    ['https://例子.example/x', gone],
  ])('does not: %s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each(['@everyone look', '@here look', '＠everyone', 'x@everyone', '@\u200Beveryone'])(
    'calls nobody together: %s',
    (text) => {
      expect(clean(text)).not.toMatch(/@(?:everyone|here)/iu);
    },
  );

  it('is the same cleaned twice', () => {
    const text = `[a](https://x.example) @everyone ${ours} <@1> 看${ours}吧`;
    expect(clean(clean(text))).toBe(clean(text));
  });

  test.prop([
    fc.array(
      fc.oneof(
        fc.constantFrom(
          'https://',
          'evil.com',
          '/x',
          '[a](',
          ')',
          '<@',
          '1',
          '>',
          '@',
          'everyone',
          ' ',
          '\n',
          ours,
          '看',
          '.',
          'discord.gg',
        ),
        fc.string({ maxLength: 3 }),
      ),
      { maxLength: 30 },
    ),
  ])('whatever it is, nothing active is left in it', (parts) => {
    for (const seen of [clean(parts.join('')), cleanUnfinished(parts.join(''), rules)]) {
      const rest = seen.replaceAll(ours, ' ');
      expect(rest).not.toMatch(/https?:\/\/[^\s<>]/iu);
      expect(rest).not.toMatch(/@(?:everyone|here)|<@\d+>|discord\.gg\/\w|\]\([^)\s]+\)/iu);
    }
  });

  it('shows no half of an address while it is written', () => {
    for (let end = 0; end <= `Look: ${ours} done`.length; end += 1) {
      const seen = cleanUnfinished(`Look: ${ours} done`.slice(0, end), rules);
      expect(['', 'Look:', `Look: ${ours}`]).toContain(seen);
    }
  });
});

describe('the addresses that may be said', () => {
  it('are those in a field url of an answer, at any depth', () => {
    const values = [
      { ok: true, url: ours, title: 'see https://a.example' },
      { videos: [{ url: 'https://b.example/1' }], link: 'https://c.example' },
      { url: 'no address' },
      null,
    ];
    expect([...linksIn(values)]).toStrictEqual([ours, 'https://b.example/1']);
  });
});
