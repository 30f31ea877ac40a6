/** One way to read what stands at a place: its spellings, and the span that it covers. */
export type Word = {
  readonly forms: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Index of the word after it. */
  readonly next: number;
};

type Token = { readonly text: string; readonly start: number; readonly end: number };

/** Signs count as letters between letters only, and these two before one as well. */
const tokens = /[a-z0-9$@](?:[a-z0-9]|[$@!|+*€#%_](?=[$@!|+*€#%_]{0,4}[a-z0-9]))*/gu;
const most = { tokenLength: 40, masks: 3, gap: 3, forms: 12 } as const;

const digits: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '+': 't',
  '€': 'e',
};
const unleet = (text: string, one: string): string =>
  text.replaceAll(/[^a-z]/gu, (sign) =>
    sign === '1' || sign === '!' ? one : (digits[sign] ?? ''),
  );

const isDoubled = (text: string): boolean => /^(?:(.)\1)+$/u.test(text) && text.length >= 6;

/**
 * Spellings of one token without leet, stretched letters and signs in between.
 * @internal
 */
export function formsOf(text: string): string[] {
  if (text.length > most.tokenLength || !/[a-z]/u.test(text)) return [text];
  const forms = new Set([text]);
  if (/[^a-z]/u.test(text)) {
    for (const one of ['i', 'l']) forms.add(unleet(text, one));
    forms.add(text.replaceAll(/[^a-z0-9]/gu, ''));
  }
  for (const form of Array.from(forms)) {
    if (isDoubled(form)) forms.add(form.replaceAll(/(.)\1/gu, '$1'));
    if (!/(.)\1\1/u.test(form)) continue;
    forms.add(form.replaceAll(/(.)\1{2,}/gu, '$1'));
    forms.add(form.replaceAll(/(.)\1{2,}/gu, '$1$1'));
    forms.add(form.replaceAll(/(.)\1+/gu, '$1'));
  }
  return [...forms].slice(0, most.forms);
}

const gapAfter = (text: string, left: Token, right: Token): string =>
  text.slice(left.end, right.start);

/** What stands between the letters of a word that was pulled apart: short, and within one line. */
const isSmall = (gap: string): boolean =>
  gap.length > 0 && gap.length <= most.gap && !/[\n\p{L}\p{N}]/u.test(gap);

const isBlank = (gap: string): boolean => gap.trim() === '';

/** Letters standing alone, from this token on, that may be one word. */
function spelledOut(text: string, all: readonly Token[], first: number): number {
  let last = first;
  let usual = '';
  for (;;) {
    const [here, next] = [all[last], all[last + 1]];
    if (!here || !next || here.text.length !== 1 || next.text.length !== 1) break;
    const gap = gapAfter(text, here, next);
    // Words of a spelled sentence stand further apart than their letters.
    if (!isSmall(gap) || (gap.length > 1 && isBlank(gap))) break;
    if (last > first && isBlank(gap) !== isBlank(usual)) break;
    usual = gap;
    last += 1;
  }
  return last;
}

/** Two tokens that may be one word: pulled apart by a sign, or by a space that leaves no words. */
function isOneWord(gap: string, left: Token, right: Token): boolean {
  if (!isSmall(gap)) return false;
  if (!gap.includes(' ')) return gap !== ',' && gap !== "'" && gap !== '’';
  const isScrap = ({ text }: Token) => /^[^aeiouy\d]+$/u.test(text) && text.length <= 2;
  return gap === ' ' && left.text.length <= 4 && (isScrap(left) || isScrap(right));
}

const joined = (parts: readonly Token[]): string => parts.map(({ text }) => text).join('');

/** For each token the ways to read on from it; the first one is the token itself. */
export function readWords(text: string): Word[][] {
  const all: Token[] = Array.from(text.matchAll(tokens), ({ 0: found, index }) => ({
    text: found,
    start: index,
    end: index + found.length,
  }));
  const places: Word[][] = [];
  let run = { first: 0, last: 0 };
  for (const [index, token] of all.entries()) {
    const readings: Word[] = [wordOf([token], index)];
    const [second, third] = [all[index + 1], all[index + 2]];
    if (second && isOneWord(gapAfter(text, token, second), token, second)) {
      readings.push(wordOf([token, second], index));
      if (third && isOneWord(gapAfter(text, second, third), second, third))
        readings.push(wordOf([token, second, third], index));
    }
    // Where the signs between letters change, another word may begin with the last letter.
    if (index >= run.last) run = { first: index, last: spelledOut(text, all, index) };
    // A run is read from its beginning, and without an article that stands before it.
    if (index <= run.first + 1 && run.last - index >= 2)
      readings.push(wordOf(all.slice(index, run.last + 1), index));
    places.push(readings);
  }
  return places;
}

function wordOf(parts: readonly Token[], index: number): Word {
  const [first, last] = [parts[0], parts.at(-1)];
  return {
    forms: formsOf(joined(parts)),
    start: first?.start ?? 0,
    end: last?.end ?? 0,
    next: index + parts.length,
  };
}

/** Whether a word with hidden letters can be this term: `s*x`, `p**n`. */
export function isMaskOf(masked: string, term: string): boolean {
  const hidden = masked.match(/[*#]/gu)?.length ?? 0;
  if (hidden === 0 || hidden > most.masks || masked.length !== term.length) return false;
  return Array.from(masked).every((sign, at) => /[*#]/u.test(sign) || sign === term[at]);
}
