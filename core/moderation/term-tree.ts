import { disguised, isTermClass, lexicon, type TermClass } from './lexicon/lexicon.ts';
import { keptTerms } from './lexicon/kept.ts';
import { mixedForms, partsForm, spelledForm } from './variants.ts';

/** English terms word by word; a stem stands for every word that begins with it. */
export type WordNode = {
  readonly words: Map<string, WordNode>;
  readonly stems: Map<string, WordNode>;
  /** The step over any one word. */
  any: WordNode | null;
  readonly classes: Set<TermClass>;
};

/** Chinese terms character by character. */
export type CharacterNode = {
  readonly next: Map<string, CharacterNode>;
  readonly classes: Set<TermClass>;
};

export type Terms = {
  readonly words: WordNode;
  readonly characters: CharacterNode;
  /** Single words by first letter, to be compared with words in which letters are hidden. */
  readonly singles: ReadonlyMap<string, readonly (readonly [string, TermClass])[]>;
  /** What is found inside longer words, too. */
  readonly inside: readonly (readonly [string, TermClass])[];
};

const wordNode = (): WordNode => ({
  words: new Map(),
  stems: new Map(),
  any: null,
  classes: new Set(),
});
const characterNode = (): CharacterNode => ({ next: new Map(), classes: new Set() });

function step<N>(map: Map<string, N>, key: string, make: () => N): N {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function addPhrase(root: WordNode, phrase: string, found: TermClass): void {
  let node = root;
  for (const word of phrase.split(' ')) {
    if (word === '*') node = node.any ??= wordNode();
    else if (word.endsWith('*')) node = step(node.stems, word.slice(0, -1), wordNode);
    else node = step(node.words, word, wordNode);
  }
  node.classes.add(found);
}

function addCharacters(root: CharacterNode, term: string, found: TermClass): void {
  let node = root;
  for (const character of term.toLowerCase()) node = step(node.next, character, characterNode);
  node.classes.add(found);
}

const split = (list: string, by: RegExp): string[] =>
  list
    .split(by)
    .map((term) => term.trim())
    .filter((term) => term !== '');

/** The trees of all terms with their disguises. */
export function growTerms(): Terms {
  const words = wordNode();
  const characters = characterNode();
  const singles = new Map<string, (readonly [string, TermClass])[]>();
  const inside: (readonly [string, TermClass])[] = [];
  const addEnglish = (term: string, found: TermClass): void => {
    const phrase = term.replaceAll('-', ' ');
    const bare = phrase.replaceAll('*', '');
    if (phrase.startsWith('*')) inside.push([bare, found]);
    addPhrase(words, phrase.replace(/^\*(?=\w)/u, ''), found);
    const run = phrase.replaceAll(' ', '');
    if (disguised.has(found) && /^[a-z]{6,}$/u.test(run)) addPhrase(words, run, found);
    if (disguised.has(found) && /^[a-z]{3,}$/u.test(bare))
      step(singles, bare.slice(0, 1), () => []).push([bare, found]);
  };
  const addChinese = (term: string, found: TermClass): void => {
    addCharacters(characters, term, found);
    if (!disguised.has(found)) return;
    const parted = partsForm(term);
    for (const form of [...mixedForms(term), ...(parted === null ? [] : [parted])])
      addCharacters(characters, form, found);
    const spelled = spelledForm(term);
    if (spelled !== null) addPhrase(words, spelled, found);
  };
  for (const name of Object.keys(lexicon).filter(isTermClass)) {
    for (const term of split(lexicon[name].en, /,/u)) addEnglish(term, name);
    for (const term of split(lexicon[name].zh, /\s+/u)) addChinese(term, name);
  }
  for (const [found, kept] of keptTerms()) {
    for (const term of kept.en) addEnglish(term, found);
    for (const term of kept.zh) addChinese(term, found);
  }
  return { words, characters, singles, inside };
}
