import type { Problem } from '../input-fault.ts';

/** YouTube's limits: title in characters, description in UTF-8 bytes, tags as YouTube counts them. */
export const youtubeLimits = {
  titleCharacters: 100,
  descriptionBytes: 5000,
  tagsTotal: 500,
  playlistCharacters: 150,
} as const;

const characters = (text: string): number => Array.from(text).length;

/** What is wrong with a title; null when it fits. */
export function titleProblem(title: string): Problem | null {
  if (/[<>]/.test(title)) return { problem: 'angle_brackets', params: null };
  const params = { count: characters(title), most: youtubeLimits.titleCharacters };
  return params.count > params.most ? { problem: 'too_many_characters', params } : null;
}

/** What is wrong with the title of a playlist; null when it fits. */
export function playlistProblem(title: string): Problem | null {
  if (/[<>]/.test(title)) return { problem: 'angle_brackets', params: null };
  const params = { count: characters(title), most: youtubeLimits.playlistCharacters };
  return params.count > params.most ? { problem: 'too_many_characters', params } : null;
}

/** What is wrong with a description; null when it fits. Chinese takes three bytes a character. */
export function descriptionProblem(description: string): Problem | null {
  if (/[<>]/.test(description)) return { problem: 'angle_brackets', params: null };
  const params = { count: Buffer.byteLength(description), most: youtubeLimits.descriptionBytes };
  return params.count > params.most ? { problem: 'too_many_bytes', params } : null;
}

/**
 * Length of tags as YouTube counts: commas between them, and two quotes around one with a space.
 * @internal
 */
export const tagsLength = (tags: readonly string[]): number =>
  tags.reduce(
    (sum, tag) => sum + characters(tag) + (/\s/.test(tag) ? 2 : 0),
    Math.max(0, tags.length - 1),
  );

/** What is wrong with the tags; null when they fit. */
export function tagsProblem(tags: readonly string[]): Problem | null {
  if (tags.some((tag) => /[<>]/.test(tag))) return { problem: 'angle_brackets', params: null };
  const params = { count: tagsLength(tags), most: youtubeLimits.tagsTotal };
  return params.count > params.most ? { problem: 'too_many_together', params } : null;
}

/** Splits a comma-separated list; empty and repeated tags and leading # fall away. */
export const splitTags = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,，、\n]/u)
      .map((tag) => tag.trim().replace(/^#+/u, ''))
      .filter(Boolean),
  ),
];

/** The leading tags that fit together. */
export function fittingTags(tags: readonly string[], most: number): string[] {
  const kept: string[] = [];
  for (const tag of tags) {
    if (kept.length < most && tagsLength([...kept, tag]) <= youtubeLimits.tagsTotal) kept.push(tag);
  }
  return kept;
}
