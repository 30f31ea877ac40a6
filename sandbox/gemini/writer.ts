import type { Range } from './limits.ts';
import { hashOf, type Material } from './material.ts';
import { banks, usualLength, type Role } from './phrases.ts';
import { promptPhrases, rewriteOf, withOwnTopic } from './prompt-phrases.ts';

export type TextRequest = {
  readonly role: Role;
  readonly characters: Range | null;
  readonly sentences: Range | null;
  /** Which of several texts of the same kind this is. */
  readonly index: number;
  /** Steers the choice; the same seed writes the same text. */
  readonly seed: string;
};

/** What is asked, with the role's usual length where nothing is. */
function spanOf({ role, characters }: TextRequest): Range {
  const usual = usualLength[role];
  const high = Math.min(characters?.high ?? usual.high, 20_000);
  return { low: Math.min(characters?.low ?? usual.low, high), high };
}

/** A text about the material, of the asked length in characters. */
export function writeText(given: Material, request: TextRequest): string {
  const { role, characters, sentences, index, seed } = request;
  const { material, bank } = phrasesFor(given, role);
  const asked = spanOf(request);
  if (role === 'keyword' || role === 'hashtag') {
    return writeKeyword(material, role, index, asked.high);
  }
  // These banks tell in order; the others may begin anywhere.
  const isTold = role === 'prompt' || role === 'picture' || role === 'description';
  const offset = isTold ? 0 : hashOf(seed) % bank.length;
  const isShort = role === 'title' || role === 'factor';
  const most = isShort ? 1 : (sentences?.high ?? 2);
  const wanted = asked.low + Math.floor(Math.min(asked.high - asked.low, 200) * 0.3);
  const isEnough = (text: string, turn: number): boolean => {
    if (turn === 0 || text.length < asked.low) return false;
    return turn >= most || (!isShort && characters !== null && text.length >= wanted);
  };
  let text = '';
  for (let turn = 0; turn < bank.length * 40 && !isEnough(text, turn); turn += 1) {
    const phrase = bank[(offset + index + turn) % bank.length] ?? '';
    const part = fill(phrase, material, index + Math.floor(turn / bank.length));
    text = text === '' ? part : text + glueOf(material.language, isShort) + part;
  }
  return cut(capitalize(text, role), asked);
}

/** What a text of this role is made of; a prompt that is written again says other things. */
function phrasesFor(material: Material, role: Role) {
  const rewrite = role === 'prompt' ? rewriteOf(material.instructions) : 0;
  if (rewrite === 0) return { material, bank: banks[material.language][role] };
  return { material: withOwnTopic(material), bank: promptPhrases(material.language, rewrite) };
}

function glueOf(language: Material['language'], isShort: boolean): string {
  if (language === 'zh') return isShort ? '，' : '';
  return isShort ? ', ' : ' ';
}

function capitalize(text: string, role: Role): string {
  if (role === 'factor') return text;
  const cased =
    role === 'title'
      ? text.replace(/(?<![\w'’])[a-z](?=\w{3,})/gu, (letter) => letter.toUpperCase())
      : text;
  return cased.slice(0, 1).toUpperCase() + cased.slice(1);
}

function fill(phrase: string, { topic, keywords, language }: Material, shift: number): string {
  const fallback = language === 'zh' ? ['光影', '细节', '节奏'] : ['light', 'detail', 'rhythm'];
  const words = [...keywords.slice(0, 8), ...(keywords.length < 3 ? fallback : [])];
  const word = (place: number) => words[(place + shift) % words.length] ?? '';
  return phrase
    .replaceAll('{t}', topic)
    .replaceAll('{a}', word(0))
    .replaceAll('{b}', word(1))
    .replaceAll('{c}', word(2));
}

/** At most `high` characters, ended at a sentence or word where that keeps at least `low`. */
function cut(text: string, { low, high }: Range): string {
  if (text.length <= high) return text;
  const rough = text.slice(0, high);
  const sentence = Math.max(rough.lastIndexOf('. '), rough.lastIndexOf('。')) + 1;
  if (sentence >= Math.max(low, 1)) return rough.slice(0, sentence);
  const word = rough.lastIndexOf(' ');
  const trimmed = word >= Math.max(low, 1) ? rough.slice(0, word) : rough;
  const bare = trimmed
    .replace(/(?:\s(?:the|an?|of|and|to|for|in|on|with|but))+$/iu, '')
    .replace(/[\s,;:，、]+$/u, '');
  return bare.length >= low ? bare : trimmed;
}

/** The index-th word for search: single words first, then pairs with what people add to them. */
function writeKeyword(
  { topic, keywords, language }: Material,
  role: 'keyword' | 'hashtag',
  index: number,
  high: number,
): string {
  const words = keywords.length > 0 ? keywords : [topic];
  const additions =
    language === 'zh'
      ? ['', '视频', '教程', '日常', '技巧', '合集']
      : ['', ' shorts', ' ideas', ' tips', ' close up', ' trend'];
  const addition = additions[Math.floor(index / words.length)] ?? ` ${index}`;
  const word = `${words[index % words.length] ?? topic}${addition}`;
  if (role === 'keyword') return word.slice(0, high);
  return `#${word.replace(/[^\p{L}\p{N}_]/gu, '')}`.slice(0, high);
}
