import { expect } from 'vitest';

import {
  descriptionProblem,
  splitTags,
  tagsProblem,
  titleProblem,
} from '../../core/publication/limits.ts';
import { foldedOf, lengthOf } from '../../core/publication/suggest-text.ts';

type Texts = {
  readonly titles: readonly string[];
  readonly description: string;
  readonly tags: readonly string[];
};

const chapterLine = /^\d{1,2}:\d{2} /u;

/** The lines of a description that YouTube makes chapters of. */
export const chaptersIn = (description: string): string[] =>
  description.split('\n').filter((line) => chapterLine.test(line));

/** What a description has beside chapters, links and hashtags. */
export const bodyIn = (description: string): string =>
  description.split(/\n\n(?:0:00 |🔗)/u)[0] ?? '';

/** Everything that suggestions promise, whatever they were written from; `own` is what the person wrote. */
export function expectBounds({ titles, description, tags }: Texts, own: string): void {
  expect(titles).toHaveLength(3);
  expect(new Set(titles.map(foldedOf)).size).toBe(3);
  for (const title of titles) {
    expect(lengthOf(title), title).toBeGreaterThanOrEqual(50);
    expect(titleProblem(title), title).toBeNull();
    expect(title).toMatch(/\p{Nd}|[?？]/u);
    expect(title).not.toMatch(/\p{Cc}/u);
  }
  expect(lengthOf(description), description).toBeGreaterThanOrEqual(300);
  expect(lengthOf(description), description).toBeLessThanOrEqual(500);
  expect(descriptionProblem(description)).toBeNull();
  expectParts(description);
  expect(tags.length, tags.join('|')).toBeGreaterThanOrEqual(10);
  expect(tags.length).toBeLessThanOrEqual(15);
  for (const tag of tags) expect(lengthOf(tag)).toBeLessThanOrEqual(30);
  expect(tagsProblem(tags)).toBeNull();
  // Joined for a person, and taken apart again when they are published.
  expect(splitTags(tags.join(', '))).toStrictEqual(tags);
  for (const text of [...titles, description, ...tags]) expectSafe(text, own);
}

function expectParts(description: string): void {
  expect(description).not.toMatch(/^(?:[#🔗]|\d+:\d)/u);
  expect(description).toMatch(/\n\n🔗 (?:Links|相关链接)[:：]\n•\n\n#/u);
  const hashtags = description.split('\n').at(-1)?.split(' ') ?? [];
  expect(hashtags.length).toBeGreaterThanOrEqual(3);
  expect(hashtags.length).toBeLessThanOrEqual(5);
  for (const hashtag of hashtags) expect(hashtag).toMatch(/^#[\p{L}\p{M}\p{N}_]+$/u);
  expect(new Set(hashtags.map(foldedOf)).size).toBe(hashtags.length);
  expect(description.match(/[#＃]/gu)).toHaveLength(hashtags.length);
  const times = chaptersIn(description).map((line) => secondsOf(line));
  if (times.length === 0) return;
  expect(times.length).toBeGreaterThanOrEqual(3);
  expect(times[0]).toBe(0);
  for (const [index, time] of times.entries())
    expect((times[index + 1] ?? Infinity) - time).toBeGreaterThanOrEqual(10);
}

const secondsOf = (line: string): number => {
  const [minutes = '', seconds = ''] = (line.split(' ')[0] ?? '').split(':');
  return Number(minutes) * 60 + Number(seconds);
};

const hosts = /[a-z\d-]+\.(?:com|net|org|io|dev|zip|shop)(?!\p{L})/giu;

function expectSafe(text: string, own: string): void {
  expect(text).not.toMatch(/[<>＜＞@＠]/u);
  expect(text).not.toMatch(/:\/\/|(?<!\p{L})www\.\p{L}/iu);
  const given = own.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '').toLowerCase();
  for (const host of text.match(hosts) ?? []) expect(given).toContain(host.toLowerCase());
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u);
}
