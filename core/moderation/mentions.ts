import type { TermClass } from './lexicon/lexicon.ts';
import type { Folded } from './normalise.ts';
import type { CharacterNode, Terms, WordNode } from './term-tree.ts';
import { isMaskOf, readWords, type Word } from './words.ts';

/** Where a term of a class stands in the folded text. */
export type Mention = { readonly found: TermClass; readonly start: number; readonly end: number };

type Note = (classes: Iterable<TermClass>, start: number, end: number) => void;

/** Every mention of a term, but none inside a harmless phrase; by their beginnings. */
export function findMentions({ text }: Folded, terms: Terms): Mention[] {
  const mentions: Mention[] = [];
  const harmless: Mention[] = [];
  const note: Note = (classes, start, end) => {
    for (const found of classes)
      (found === 'harmless' ? harmless : mentions).push({ found, start, end });
  };
  noteWords(text, terms, note);
  noteCharacters(text, terms.characters, note);
  return withoutHarmless(mentions, harmless).toSorted((a, b) => a.start - b.start);
}

function withoutHarmless(mentions: readonly Mention[], harmless: readonly Mention[]): Mention[] {
  const covers = new Map<number, number>();
  for (const { start, end } of harmless)
    for (let at = start; at < end; at += 1) covers.set(at, Math.max(covers.get(at) ?? 0, end));
  return mentions.filter(({ start, end }) => (covers.get(start) ?? 0) < end);
}

function noteWords(text: string, terms: Terms, note: Note): void {
  const places = readWords(text);
  for (const place of places) {
    for (const word of place) {
      walk(terms.words, word, { places, note, start: word.start, depth: 0 });
      noteInside(word, terms, note);
    }
    const [token] = place;
    if (token) noteMasked(text, token, terms, note);
  }
}

type Walk = {
  readonly places: readonly (readonly Word[])[];
  readonly note: Note;
  readonly start: number;
  readonly depth: number;
};
const longestPhrase = 6;
const shortestStem = 3;
const longestStem = 24;

function walk(node: WordNode, word: Word, at: Walk): void {
  for (const next of nodesAfter(node, word.forms)) {
    if (next.classes.size > 0) at.note(next.classes, at.start, word.end);
    if (at.depth + 1 >= longestPhrase) continue;
    if (next.words.size === 0 && next.stems.size === 0 && next.any === null) continue;
    for (const following of at.places[word.next] ?? [])
      walk(next, following, { ...at, depth: at.depth + 1 });
  }
}

function nodesAfter(node: WordNode, forms: readonly string[]): Set<WordNode> {
  const nodes = new Set<WordNode>(node.any === null ? [] : [node.any]);
  for (const form of forms) {
    const exact = node.words.get(form);
    if (exact) nodes.add(exact);
    if (node.stems.size === 0) continue;
    for (let length = shortestStem; length <= Math.min(form.length, longestStem); length += 1) {
      const stem = node.stems.get(form.slice(0, length));
      if (stem) nodes.add(stem);
    }
  }
  return nodes;
}

function noteInside({ forms, start, end }: Word, { inside }: Terms, note: Note): void {
  for (const [term, found] of inside)
    if (forms.some((form) => form.includes(term))) note([found], start, end);
}

function noteMasked(text: string, { start, end }: Word, { singles }: Terms, note: Note): void {
  const masked = text.slice(start, end);
  if (!/[*#]/u.test(masked)) return;
  for (const [term, found] of singles.get(masked.slice(0, 1)) ?? [])
    if (isMaskOf(masked, term)) note([found], start, end);
}

const isHan = (unit: string): boolean => /[\p{Script=Han}\u3007]/u.test(unit);
const isLatin = (unit: string | undefined): boolean => unit !== undefined && /[a-z]/u.test(unit);
const longestGap = 4;
/** Longer terms are not made up by chance of the ends of two words. */
const longestDoubtful = 3;

/** The units that can be part of a term, without the signs and spaces between them. */
function solidUnits(text: string): number[] {
  const solid: number[] = [];
  for (let at = 0; at < text.length; at += 1)
    if (/[\p{L}\p{N}]/u.test(text.charAt(at))) solid.push(at);
  return solid;
}

function noteCharacters(text: string, root: CharacterNode, note: Note): void {
  const solid = solidUnits(text);
  if (!solid.some((at) => isHan(text.charAt(at)))) return;
  const page = { text, solid, bounds: lazyWordBounds(text), note };
  for (const index of solid.keys()) noteFrom(index, root, page);
}

type CharacterPage = {
  readonly text: string;
  readonly solid: readonly number[];
  readonly bounds: WordBounds;
  readonly note: Note;
};

/** Follows the tree from one character on, over small gaps. */
function noteFrom(index: number, root: CharacterNode, page: CharacterPage): void {
  const { text, solid, bounds, note } = page;
  const start = solid[index] ?? 0;
  let node: CharacterNode | undefined = root;
  let last = start;
  let hasGap = false;
  for (const at of solidFrom(solid, index)) {
    const gap = Math.max(0, at - last - 1);
    if (gap > longestGap) return;
    hasGap ||= gap > 0;
    last = at;
    node = node.next.get(text.charAt(at));
    if (node === undefined) return;
    if (node.classes.size === 0 || isPartOfLatin(text, start, at)) continue;
    if (bounds.isApart(start, at + 1, hasGap)) note(node.classes, start, at + 1);
  }
}

const longestTerm = 40;
const solidFrom = (solid: readonly number[], index: number): readonly number[] =>
  solid.slice(index, index + longestTerm);

/** Whether a term that begins or ends in Latin letters goes on beyond its end. */
const isPartOfLatin = (text: string, first: number, last: number): boolean =>
  (isLatin(text[first]) && isLatin(text[first - 1])) ||
  (isLatin(text[last]) && isLatin(text[last + 1]));

type WordBounds = {
  /** Whether words do not reach into the span from outside: 颜色，情感 does not hold 色情. */
  isApart(start: number, end: number, hasGap: boolean): boolean;
};

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

function lazyWordBounds(text: string): WordBounds {
  let starts: Uint8Array | null = null;
  const read = (): Uint8Array => {
    const marks = new Uint8Array(text.length + 1);
    for (const { index } of segmenter.segment(text)) marks[index] = 1;
    marks[text.length] = 1;
    return marks;
  };
  return {
    isApart: (start, end, hasGap) => {
      if (!hasGap && end - start > longestDoubtful) return true;
      starts ??= read();
      const ends = Number(starts[start]) + Number(starts[end]);
      // Commas separate words by themselves; other signs and spaces within Chinese hardly do.
      return /[,。;:、]/u.test(text.slice(start, end)) ? ends === 2 : ends >= 1;
    },
  };
}
