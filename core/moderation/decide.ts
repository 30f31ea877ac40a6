import type { Category } from './categories.ts';
import type { TermClass } from './lexicon/lexicon.ts';
import { findMentions, type Mention } from './mentions.ts';
import { foldText, writtenBetween, type Folded, type Simplify } from './normalise.ts';
import { rules, type Outcome, type Rule } from './rules.ts';
import { growTerms, type Terms } from './term-tree.ts';

/** What the rules say about a text, without any model. */
export type RuleVerdict = {
  readonly outcome: Outcome;
  readonly category: Category | null;
  /** The offending words as they were written. */
  readonly words: readonly string[];
  /** The text without disguise: equal for texts that differ in nothing that counts. */
  readonly normalised: string;
};

/** Whether the rules refuse a text where no model is there to ask. */
export const refusesAlone = ({ outcome }: RuleVerdict): boolean =>
  outcome === 'block' || outcome === 'ask_or_block';

export type Rules = { decide(text: string): RuleVerdict };

type Hit = { readonly rule: Rule; readonly outcome: Outcome; readonly spans: readonly Mention[] };

const weights: Readonly<Record<Outcome, number>> = {
  allow: 0,
  ask_or_allow: 1,
  ask_or_block: 2,
  block: 3,
};
/** How far apart two words may stand to be about each other, in folded characters. */
const reach = 90;
const most = { words: 5, wordLength: 60 } as const;

/** The rules with these terms; `simplify` turns a traditional character into the simplified one. */
function createRules(simplify: Simplify): Rules {
  const terms: Terms = growTerms();
  return {
    decide(text) {
      const folded = foldText(text, simplify);
      const page = openPage(folded, findMentions(folded, terms));
      const hits = rules.flatMap((rule) => apply(rule, page) ?? []);
      const heaviest = Math.max(0, ...hits.map(({ outcome }) => weights[outcome]));
      const telling = hits.filter(({ outcome }) => weights[outcome] === heaviest);
      const first = heaviest === 0 ? undefined : telling[0];
      return {
        outcome: first?.outcome ?? 'allow',
        category: first?.rule.category ?? null,
        words: first ? wordsOf(telling, text, folded) : [],
        normalised: folded.text.replaceAll(/\s+/gu, ' ').trim(),
      };
    },
  };
}

type Page = {
  readonly folded: Folded;
  /** By their beginnings. */
  readonly mentions: readonly Mention[];
  /** The number of the sentence at each place. */
  readonly sentences: Uint32Array;
};

function openPage(folded: Folded, mentions: readonly Mention[]): Page {
  const { text } = folded;
  const sentences = new Uint32Array(text.length + 1);
  let number = 0;
  for (let at = 0; at < text.length; at += 1) {
    sentences[at] = number;
    if (endsSentence(text, at)) number += 1;
  }
  sentences[text.length] = number;
  return { folded, mentions, sentences };
}

/** A mark inside a word is a disguise and ends nothing. */
function endsSentence(text: string, at: number): boolean {
  const mark = text.charAt(at);
  if (mark === '。' || mark === '\n') return true;
  const next = text.charAt(at + 1);
  if (mark === '.') return next === '' || /\s/u.test(next);
  return (mark === '!' || mark === '?') && !/[a-z0-9]/u.test(next);
}

const gather = ({ mentions }: Page, classes: readonly TermClass[]): Mention[] =>
  mentions.filter(({ found }) => classes.includes(found));

/** The first mention that the rule holds for in full, or else one for which it is eased. */
function apply(rule: Rule, page: Page): Hit | null {
  const offending = gather(page, rule.of);
  if (offending.length === 0) return null;
  const beside = rule.with ? gather(page, rule.with) : null;
  const isEased = easedSentences(rule, page);
  let eased: Hit | null = null;
  for (const mention of offending) {
    const spans = spansOf(mention, beside, rule, page);
    if (!spans) continue;
    if (!isEased(mention)) return { rule, outcome: rule.outcome, spans };
    eased ??= { rule, outcome: rule.eased?.to ?? rule.outcome, spans };
  }
  return eased;
}

/** What is named to the person when this mention offends; null when nothing that it needs is near. */
function spansOf(
  mention: Mention,
  beside: readonly Mention[] | null,
  rule: Rule,
  page: Page,
): readonly Mention[] | null {
  if (!beside) return [mention];
  const other = nearest(mention, beside, rule, page);
  if (!other) return null;
  return rule.across ? [mention, other] : [mention];
}

const sentenceOf = ({ sentences }: Page, { start }: Mention): number => sentences[start] ?? 0;

function nearest(
  mention: Mention,
  sorted: readonly Mention[],
  { across = false }: Rule,
  page: Page,
): Mention | null {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) < mention.start - reach) low = middle + 1;
    else high = middle;
  }
  for (let index = low; index < sorted.length; index += 1) {
    const other = sorted[index];
    if (!other || other.start > mention.end + reach) return null;
    const isSame = other.start === mention.start && other.end === mention.end;
    if (!isSame && (across || sentenceOf(page, other) === sentenceOf(page, mention))) return other;
  }
  return null;
}

/** Tells which mentions stand where the rule is eased. */
function easedSentences({ eased, across }: Rule, page: Page): (mention: Mention) => boolean {
  const contexts = eased ? gather(page, eased.by) : [];
  if (across) return () => contexts.length > 0;
  const numbers = new Set(contexts.map((context) => sentenceOf(page, context)));
  return (mention) => numbers.has(sentenceOf(page, mention));
}

function wordsOf(hits: readonly Hit[], text: string, folded: Folded): string[] {
  const written = hits
    .flatMap(({ spans }) => spans)
    .map((span) => writtenBetween(text, folded, span).slice(0, most.wordLength));
  return [...new Set(written)].slice(0, most.words);
}

let loading: Promise<Rules> | null = null;

/** The rules with the table of Chinese characters, read at first use. */
export function loadRules(): Promise<Rules> {
  return (loading ??= import('opencc-js/t2cn').then(({ Converter }) =>
    createRules(Converter({ from: 't', to: 'cn' })),
  ));
}
