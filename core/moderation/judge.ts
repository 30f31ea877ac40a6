import { z } from 'zod';

import type { Services } from '../context.ts';
import { canonicalJson, sha256Hex } from '../crypto.ts';
import { isFault } from '../fault.ts';
import type { LanguageModel } from '../ports/language-model.ts';
import { plainText, untrusted, untrustedRule } from '../untrusted.ts';
import { categories, type Category } from './categories.ts';
import { loadRules, refusesAlone, type Rules, type RuleVerdict } from './decide.ts';
import type { VerdictStore } from './store.ts';

/** What a text comes to before any money is spent on it. */
export type Verdict = {
  readonly decision: 'allow' | 'block';
  readonly category: Category | null;
  /** The offending words as they were written; empty when no single words offend. */
  readonly words: readonly string[];
  readonly field: string;
  /** The same idea in words that would pass, when somebody has found some. */
  readonly suggestion: string | null;
  readonly judgedBy: 'rules' | 'model';
};

/** A text that a person wrote, and the input field that it stands in. */
export type FieldText = { readonly field: string; readonly text: string };

/** What a judgement needs; `signal` ends the wait for the model. */
export type JudgeContext = {
  readonly ports: Pick<Services['ports'], 'languageModel'>;
  readonly log: Services['log'];
  readonly signal: AbortSignal;
};

const modelTimeoutMs = 8000;
const most = { text: 4000, quote: 60, suggestion: 500 } as const;
/** Nobody is offered other words for these, and no model is shown the text. */
const withoutAdvice: ReadonlySet<Category> = new Set(['sexual_minors', 'terror']);

const opinionSchema = z.object({
  allowed: z.boolean().describe('Whether a video of this may be made'),
  category: z.enum([...categories, 'none']).describe('What it breaks; none when allowed'),
  quote: z.string().describe('The words at fault, copied from the text; empty when allowed'),
  safer_wording: z
    .string()
    .describe('The idea in harmless words of the same language; empty when there is no such idea'),
});
export type Opinion = z.output<typeof opinionSchema>;

const instructions = [
  'You decide whether a text may be made into a video.',
  'Not allowed: sexual content with minors; explicit sexual content; graphic gore or torture; methods or encouragement of self-harm; instructions for weapons or drugs; hatred of groups of people; glorification of terror; harassment of a particular person; promotion of illegal goods, gambling or fraud; sexual or defamatory deepfakes of real persons.',
  'Allowed: medicine, sex education, prevention, news, history, art with nudity in a museum, food, place names, animals, games, sport, idioms and advertising language such as "killer deal" or 爆款.',
  'Letters may be disguised. Judge what a viewer would see, not single words.',
  untrustedRule,
].join(' ');

/**
 * Judges a text by the rules, then by the model where one is set up; a model that stays away
 * changes nothing but what it was to decide. Asks about the same text once, as far as the store
 * remembers.
 */
export async function checkText(
  context: JudgeContext,
  { field, text }: FieldText,
  store: VerdictStore,
): Promise<Verdict> {
  const rules = await loadRules();
  const ruled = rules.decide(text.slice(0, most.text));
  const opinion = wantsOpinion(ruled) ? await hearModel(context, ruled, text, store) : null;
  return { ...combine(ruled, opinion, text, rules), field };
}

const wantsOpinion = ({ outcome, category }: RuleVerdict): boolean =>
  outcome !== 'block' || (category !== null && !withoutAdvice.has(category));

/** A refusal to answer at all counts where the rules already doubted. */
type Heard = Opinion | 'refused' | null;

function combine(
  ruled: RuleVerdict,
  heard: Heard,
  text: string,
  rules: Rules,
): Omit<Verdict, 'field'> {
  const opinion = heard === 'refused' ? null : heard;
  const suggestion = opinion ? usableSuggestion(opinion, rules) : null;
  const { category, words } = ruled;
  const byRules = { category, words, suggestion, judgedBy: 'rules' } as const;
  if (ruled.outcome === 'block') return { decision: 'block', ...byRules };
  const isDoubtful = ruled.outcome !== 'allow';
  if (heard === 'refused' && isDoubtful)
    return { decision: 'block', category, words, suggestion: null, judgedBy: 'model' };
  if (!opinion) {
    if (refusesAlone(ruled)) return { decision: 'block', ...byRules };
    return { ...allowed, judgedBy: 'rules' };
  }
  if (opinion.allowed || opinion.category === 'none') return { ...allowed, judgedBy: 'model' };
  const quote = quoteIn(text, opinion.quote);
  return {
    decision: 'block',
    category: opinion.category,
    words: quote === null ? words : [quote],
    suggestion: withoutAdvice.has(opinion.category) ? null : suggestion,
    judgedBy: 'model',
  };
}

const allowed = { decision: 'allow', category: null, words: [], suggestion: null } as const;

/** What the model quotes counts only where the person wrote it. */
function quoteIn(text: string, quote: string): string | null {
  const wanted = quote.trim();
  if (wanted === '') return null;
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  return at < 0 ? null : text.slice(at, at + Math.min(wanted.length, most.quote));
}

/** The model's wording, cleaned; null when the rules would not let it pass. */
function usableSuggestion({ safer_wording: wording }: Opinion, rules: Rules): string | null {
  const plain = plainText(wording, most.suggestion);
  if (plain.length < 10) return null;
  return rules.decide(plain).outcome === 'allow' ? plain : null;
}

/** The model's opinion, kept from the last time or new; null when it stays away. */
async function hearModel(
  context: JudgeContext,
  { normalised, words }: RuleVerdict,
  text: string,
  store: VerdictStore,
): Promise<Heard> {
  const model = context.ports.languageModel;
  if (!model) return null;
  const hash = sha256Hex(canonicalJson([instructions, categories, normalised]));
  const known = opinionSchema.safeParse(await store.find(hash));
  if (known.success) return known.data;
  const prompt = [
    untrusted('prompt', text, most.text),
    ...(words.length > 0 ? [untrusted('suspected', words.join(', '), 400)] : []),
  ].join('\n');
  const opinion = await ask(model, prompt, context);
  if (opinion !== null && opinion !== 'refused') await store.save(hash, opinion);
  return opinion;
}

async function ask(
  model: LanguageModel,
  prompt: string,
  { signal, log }: JudgeContext,
): Promise<Heard> {
  const patience = AbortSignal.timeout(modelTimeoutMs);
  const request = { instructions, prompt, schema: opinionSchema, maxOutputTokens: 1000 };
  try {
    return await model.generate(request, AbortSignal.any([signal, patience]));
  } catch (error) {
    if (signal.aborted) throw error;
    if (isFault(error, 'content_refused')) return 'refused';
    if (!isFault(error) && !patience.aborted) throw error;
    log.warn({ err: error }, 'the model stays away; the rules decide');
    return null;
  }
}
