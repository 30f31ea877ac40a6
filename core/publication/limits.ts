/** YouTube's limits: title in characters, description in UTF-8 bytes, tags as YouTube counts them. */
export const youtubeLimits = {
  titleCharacters: 100,
  descriptionBytes: 5000,
  tagsTotal: 500,
} as const;

const characters = (text: string): number => Array.from(text).length;

/** What is wrong with a title, for the person; null when it fits. */
export function titleProblem(title: string): string | null {
  if (/[<>]/.test(title)) return 'must not contain < or >';
  const length = characters(title);
  return length > youtubeLimits.titleCharacters
    ? `is ${length} characters, at most ${youtubeLimits.titleCharacters} are allowed`
    : null;
}

/** What is wrong with a description; null when it fits. Chinese takes three bytes a character. */
export function descriptionProblem(description: string): string | null {
  if (/[<>]/.test(description)) return 'must not contain < or >';
  const bytes = Buffer.byteLength(description);
  return bytes > youtubeLimits.descriptionBytes
    ? `is ${bytes} bytes, at most ${youtubeLimits.descriptionBytes} are allowed`
    : null;
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
export function tagsProblem(tags: readonly string[]): string | null {
  if (tags.some((tag) => /[<>]/.test(tag))) return 'must not contain < or >';
  const length = tagsLength(tags);
  return length > youtubeLimits.tagsTotal
    ? `are ${length} characters together, at most ${youtubeLimits.tagsTotal} are allowed`
    : null;
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
