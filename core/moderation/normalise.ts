import { lookAlikes } from './confusables.ts';

/** A text as the rules read it, with the way back to how it was written. */
export type Folded = {
  /** Lower case, without disguise; one UTF-16 unit for each entry of the lists. */
  readonly text: string;
  /** Where each unit begins and ends in the text as it was written. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
};

/** Traditional to simplified, one character at a time. */
export type Simplify = (character: string) => string;

const unseen = /[\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const han = /^\p{Script=Han}$/u;
/** Stands for every sign beyond the basic plane, such as emoji. */
const sign = '\u00b7';

const regional = { first: 0x1f1e6, last: 0x1f1ff } as const;
const boxed = [0x1f130, 0x1f150, 0x1f170] as const;

/** Letters on flags and in boxes, which Unicode's own folding leaves alone. */
function letterOf(codePoint: number): string | null {
  const base =
    codePoint >= regional.first && codePoint <= regional.last
      ? regional.first
      : boxed.find((first) => codePoint >= first && codePoint < first + 26);
  return base === undefined ? null : String.fromCodePoint(0x61 + codePoint - base);
}

function foldCharacter(character: string, simplify: Simplify): string {
  if (character <= '\u007f') return character.toLowerCase();
  const letter = letterOf(character.codePointAt(0) ?? 0);
  if (letter !== null) return letter;
  if (han.test(character)) return unitOf(simplify(character.normalize('NFKC')));
  const direct = lookAlikes.get(character.toLowerCase());
  if (direct !== undefined) return direct;
  const plain = character.normalize('NFKC').toLowerCase().normalize('NFD').replace(unseen, '');
  return Array.from(plain, (each) =>
    unitOf(han.test(each) ? simplify(each) : (lookAlikes.get(each) ?? each)),
  ).join('');
}

const unitOf = (character: string): string =>
  character.length === 1 && character.isWellFormed() ? character : sign;

/**
 * Undoes what hides words: width, case, invisible characters, accents, look-alike letters,
 * traditional characters. Never throws, and takes time in proportion to the text.
 */
export function foldText(text: string, simplify: Simplify): Folded {
  const known = new Map<string, string>();
  const units: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const character of text) {
    let folded = known.get(character);
    if (folded === undefined) {
      folded = foldCharacter(character, simplify);
      known.set(character, folded);
    }
    for (const unit of folded) {
      units.push(unit);
      starts.push(at);
      ends.push(at + character.length);
    }
    at += character.length;
  }
  return { text: units.join(''), starts, ends };
}

/** What was written from one folded position up to another. */
export function writtenBetween(text: string, folded: Folded, span: { start: number; end: number }) {
  return text.slice(folded.starts[span.start] ?? 0, folded.ends[span.end - 1] ?? 0);
}
