import { isCharacter, type ReadText, type Token } from './read-text.ts';

/**
 * From here on a prompt makes the same video once more; the pairs of sameness.test.ts decide.
 */
export const samenessLimit = 0.6;

/** A video of the account, as its prompt reads. */
export type EarlierVideo = { readonly id: string; readonly prompt: ReadText };

/** How like its nearest video a prompt is; `mostLike` is null when no video has a word of it. */
export type Likeness = { readonly sameness: number; readonly mostLike: string | null };

/**
 * How much two prompts have in common, 0 to 1, whatever the order of their words: twice the content that both have
 * by the content of the two (Dice). Content are words, and pairs of Chinese characters; how a thing is
 * filmed does not count, since that may well be the same in every video of a channel. @internal
 */
export function sameness(one: ReadText, other: ReadText): number {
  const [ones, others] = [contentOf(one.tokens), contentOf(other.tokens)];
  if (ones.size === 0 || others.size === 0) return 0;
  let common = 0;
  for (const content of ones) if (others.has(content)) common += 1;
  return (2 * common) / (ones.size + others.size);
}

/** Words, and pairs of characters that follow each other; a character alone where it has no neighbour. */
function contentOf(tokens: readonly Token[]): ReadonlySet<string> {
  const content = new Set<string>();
  const isOne = (token: Token | undefined): boolean =>
    token !== undefined && token.weight > 0 && isCharacter(token.text);
  for (const [index, token] of tokens.entries()) {
    if (token.weight === 0) continue;
    const [before, next] = [tokens[index - 1], tokens[index + 1]];
    if (!isOne(token)) content.add(token.text);
    else if (next && isOne(next)) content.add(token.text + next.text);
    else if (!isOne(before)) content.add(token.text);
  }
  return content;
}

/** The video that a prompt is most like; of equals, the first. */
export function findMostLike(prompt: ReadText, videos: readonly EarlierVideo[]): Likeness {
  let nearest: Likeness = { sameness: 0, mostLike: null };
  for (const video of videos) {
    const value = sameness(prompt, video.prompt);
    if (value > nearest.sameness) nearest = { sameness: value, mostLike: video.id };
  }
  return nearest;
}
