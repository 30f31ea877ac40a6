import type { Draw } from '../../bot/discord/draw.ts';
import { locales, type Locale } from '../../core/messages/catalogue.ts';

/** Whom test cards are drawn for: the longest id that Discord gives out, east of Greenwich. */
export const drawIn = (locale: Locale): Draw => ({
  locale,
  timeZone: 'Asia/Shanghai',
  now: new Date('2026-11-22T08:00:00.000Z'),
  owner: '12345678901234567890',
});

export const draws: readonly Draw[] = locales.map((locale) => drawIn(locale));

/** Text that grows the most when it is escaped, or counts the most. */
export const nastyTexts = (length: number): readonly string[] => [
  '*'.repeat(length),
  '😀'.repeat(Math.floor(length / 2)),
  '[x](https://evil.example) @everyone <@1> ```'.repeat(Math.ceil(length / 44)).slice(0, length),
  '\n# '.repeat(Math.ceil(length / 3)).slice(0, length),
];
