/** Ways to write a word so that a list of words does not find it. */
export type Disguise = { readonly name: string; readonly apply: (word: string) => string };

const letters = (word: string): string[] => Array.from(word);
const isLatin = (word: string): boolean => /[a-z]/u.test(word);

const leet = new Map(Object.entries({ a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' }));
const cyrillic = new Map(
  Object.entries({ a: 'а', c: 'с', e: 'е', i: 'і', o: 'о', p: 'р', s: 'ѕ', x: 'х', y: 'у' }),
);
const accents = new Map(Object.entries({ a: 'ä', e: 'é', i: 'ï', o: 'ö', u: 'ü', n: 'ñ' }));

const swap = (table: ReadonlyMap<string, string>) => (word: string) =>
  letters(word)
    .map((letter) => table.get(letter) ?? letter)
    .join('');
const shift = (first: number) => (word: string) =>
  word.replaceAll(/[a-z]/gu, (letter) =>
    String.fromCodePoint(first + (letter.codePointAt(0) ?? 0) - 0x61),
  );
/** Between letters; the words of a phrase stay apart. */
const between =
  (sign: string, wider = ' ') =>
  (word: string) =>
    word
      .split(' ')
      .map((each) => letters(each).join(sign))
      .join(wider);

/** Those for Latin letters leave Chinese words as they are, and the other way round. */
export const disguises: readonly Disguise[] = [
  { name: 'upper case', apply: (word) => word.toUpperCase() },
  {
    name: 'full-width',
    apply: (word) =>
      word.replaceAll(/[!-~]/gu, (sign) =>
        String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0),
      ),
  },
  { name: 'zero-width', apply: between('\u200b') },
  { name: 'soft hyphens', apply: between('\u00ad') },
  { name: 'leet', apply: swap(leet) },
  { name: 'Cyrillic', apply: swap(cyrillic) },
  { name: 'accents', apply: swap(accents) },
  { name: 'mathematical', apply: shift(0x1d41a) },
  { name: 'circled', apply: shift(0x24d0) },
  { name: 'spaced', apply: between(' ', '   ') },
  { name: 'dotted', apply: between('.') },
  { name: 'emoji between', apply: between('🔥') },
  {
    name: 'stretched',
    apply: (word) => (isLatin(word) ? word.replaceAll(/[aeiou]/gu, '$&$&$&$&') : word),
  },
];
