/** A line must not begin with these. */
const closing = /^[、。，．：；！？）》」』】〉”’…—％,.:;!?)\]}%]/;
/** A line must not end with these. */
const opening = /[（《「『【〈“‘([{]$/;
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/**
 * Breaks a text into lines that `fits` accepts: between words, and between any two Chinese characters, but
 * never before punctuation that closes. A word that fits no line is broken anywhere.
 */
export function wrap(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text).flatMap((one) => (fits(one.trim()) ? [one] : Array.from(one)))) {
    const longer = line + piece;
    if (line.trim() === '' || fits(longer.trim())) {
      line = longer;
      continue;
    }
    lines.push(line.trim());
    line = piece;
  }
  return [...lines, line.trim()].filter((one) => one !== '');
}

/** What stays together: a word with the space after it, or one wide character, each with what closes it. */
export function pieces(text: string): string[] {
  const found: string[] = [];
  for (const character of text.replace(/\s+/g, ' ').trim()) {
    const before = found.at(-1);
    const opens =
      before === undefined || (!closing.test(character) && endsPiece(before, character));
    if (opens) found.push(character);
    else found[found.length - 1] = `${before}${character}`;
  }
  return found;
}

function endsPiece(before: string, character: string): boolean {
  const last = before.at(-1) ?? '';
  if (character === ' ' || opening.test(before)) return false;
  return last === ' ' || wide.test(last) || wide.test(character);
}
