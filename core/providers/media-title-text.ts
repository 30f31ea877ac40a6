/** Letters that are bold or italic by themselves; the plain ones beneath them are in the font. */
const styled = /[\u{1d400}-\u{1d7ff}]/gu;
/** Joiners, selectors, controls, and marks that became part of no letter. */
const shapeless = /[\p{C}\p{Mn}\p{Me}]/gu;

/** Stands for what cannot be drawn, and cannot be drawn itself. */
const gap = '\ufffc';
const gaps = /\s*\ufffc[\s\ufffc]*/gu;
const opening = /[（《「『【〈“‘([{]/u;
const closing = /[、。，．：；！？）》」』】〉”’…,.:;!?)\]}%]/u;
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
const emptyBrackets = /[（《「『【〈([{]\s*[）》」』】〉)\]}]/gu;
const danglingSeparators = /^[\s|｜·•/&+~:：,，、;；—–-]+|[\s|｜·•/&+~:：,，、;；—–-]+$/gu;

/** A title as it can be set: composed letters, single spaces, nothing invisible. */
export const plainTitle = (title: string): string =>
  title
    .replace(/\s+/gu, ' ')
    .replace(styled, (letter) => letter.normalize('NFKC'))
    .normalize('NFC')
    .replace(shapeless, '')
    .trim();

/** What a letter looks like without its marks, for fonts that do not have it with them. */
export const withoutMarks = (letter: string): string =>
  letter.normalize('NFKD').replace(/\p{M}/gu, '').replace('ł', 'l').replace('Ł', 'L');

/**
 * What remains of `text` when only the characters of `kept` can be drawn, without the double spaces, empty
 * brackets and loose separators that the others leave behind; empty when nothing can be read.
 */
export function tidyTitle(text: string, kept: string): string {
  const tidy = text === kept ? text : closeGaps(markGaps(text, kept));
  return /[\p{L}\p{N}]/u.test(tidy) ? tidy : '';
}

function markGaps(text: string, kept: string): string {
  const left = Array.from(kept);
  let at = 0;
  const marked = Array.from(text, (character) => {
    if (left[at] !== character) return gap;
    at += 1;
    return character;
  });
  return marked.join('');
}

function closeGaps(marked: string): string {
  return marked
    .replace(gaps, (run: string, at: number) =>
      isApart(marked[at - 1] ?? '', marked[at + run.length] ?? '') ? ' ' : '',
    )
    .replace(emptyBrackets, '')
    .replace(/ {2,}/gu, ' ')
    .replace(danglingSeparators, '');
}

/** Whether a space belongs between two characters that were not neighbours before. */
function isApart(before: string, after: string): boolean {
  if (before === '' || after === '') return false;
  if (opening.test(before) || closing.test(after)) return false;
  return !(wide.test(before) && wide.test(after));
}
