import type { Category } from './categories.ts';
import type { TermClass } from './lexicon/lexicon.ts';

/**
 * `block` and `allow` are final; the others ask the model, and the word after `or` holds when none
 * answers.
 */
export type Outcome = 'block' | 'ask_or_block' | 'ask_or_allow' | 'allow';

export type Rule = {
  readonly category: Category;
  /** What offends; its words are named to the person. */
  readonly of: readonly TermClass[];
  /** What has to stand near it in the same sentence; nothing: it offends by itself. */
  readonly with?: readonly TermClass[];
  /** Sentences do not matter, and both sides are named. */
  readonly across?: boolean;
  readonly outcome: Outcome;
  /** What it comes to in a sentence that speaks of one of these. */
  readonly eased?: { readonly by: readonly TermClass[]; readonly to: Outcome };
};

const teaching = ['medical', 'prevention', 'news', 'history'] as const;

/** The rules in the order of their weight: of equal outcomes the first one names the category. */
export const rules: readonly Rule[] = [
  {
    category: 'sexual_minors',
    of: ['child_abuse'],
    outcome: 'block',
    eased: { by: ['prevention', 'news'], to: 'ask_or_block' },
  },
  {
    category: 'sexual_minors',
    of: ['minor', 'youth'],
    with: ['explicit'],
    across: true,
    outcome: 'block',
    eased: { by: ['prevention'], to: 'ask_or_block' },
  },
  {
    category: 'sexual_minors',
    of: ['minor', 'youth'],
    with: ['nudity'],
    across: true,
    outcome: 'block',
    eased: { by: ['prevention', 'art', 'medical'], to: 'ask_or_block' },
  },
  {
    category: 'sexual_minors',
    of: ['minor'],
    with: ['suggestive', 'intimate', 'sex_topic'],
    outcome: 'block',
    eased: { by: ['prevention', 'medical', 'news'], to: 'allow' },
  },
  {
    category: 'sexual_minors',
    of: ['minor'],
    with: ['underwear'],
    outcome: 'ask_or_block',
    eased: { by: ['product', 'medical'], to: 'ask_or_allow' },
  },
  {
    category: 'deepfake',
    of: ['fake'],
    with: ['explicit', 'nudity', 'deceit', 'intimate'],
    outcome: 'block',
    eased: { by: ['prevention', 'news'], to: 'ask_or_allow' },
  },
  {
    category: 'deepfake',
    of: ['public_figure'],
    with: ['explicit', 'nudity', 'fake', 'intimate'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'art'], to: 'ask_or_allow' },
  },
  {
    category: 'deepfake',
    of: ['public_figure'],
    with: ['mislead'],
    outcome: 'block',
    eased: { by: ['prevention'], to: 'ask_or_allow' },
  },
  {
    category: 'sexual',
    of: ['explicit'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'medical'], to: 'ask_or_allow' },
  },
  { category: 'sexual', of: ['veiled'], with: ['bed', 'nudity', 'explicit'], outcome: 'block' },
  {
    category: 'sexual',
    of: ['nudity'],
    with: ['person', 'suggestive', 'intimate'],
    outcome: 'block',
    eased: { by: ['art', 'medical', 'product', 'prevention'], to: 'ask_or_allow' },
  },
  {
    category: 'sexual',
    of: ['intimate'],
    with: ['graphic', 'person', 'nudity', 'suggestive'],
    outcome: 'block',
    eased: { by: [...teaching, 'sport', 'art'], to: 'allow' },
  },
  {
    category: 'sexual',
    of: ['nudity', 'intimate'],
    outcome: 'ask_or_allow',
    eased: { by: ['art', 'medical', 'product', 'sport'], to: 'allow' },
  },
  {
    category: 'gore',
    of: ['atrocity'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'history', 'medical'], to: 'ask_or_allow' },
  },
  {
    category: 'gore',
    of: ['cruelty'],
    with: ['graphic', 'atrocity'],
    outcome: 'block',
    eased: { by: [...teaching, 'play'], to: 'ask_or_allow' },
  },
  {
    category: 'self_harm',
    of: ['suicide'],
    with: ['encourage'],
    outcome: 'block',
    eased: { by: ['prevention', 'medical', 'news', 'sport'], to: 'ask_or_allow' },
  },
  {
    category: 'weapons_drugs',
    of: ['weapon', 'drug'],
    with: ['make'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'history', 'play', 'medical'], to: 'ask_or_allow' },
  },
  {
    category: 'terror',
    of: ['terrorism'],
    with: ['glorify'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'history', 'play'], to: 'ask_or_allow' },
  },
  {
    category: 'hate',
    of: ['slur'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'history'], to: 'ask_or_block' },
  },
  {
    category: 'hate',
    of: ['group'],
    with: ['dehumanise'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'history'], to: 'ask_or_allow' },
  },
  {
    category: 'hate',
    of: ['supremacy'],
    with: ['acclaim'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'history'], to: 'ask_or_allow' },
  },
  {
    category: 'harassment',
    of: ['attack'],
    with: ['target'],
    outcome: 'block',
    eased: { by: ['prevention', 'news'], to: 'ask_or_allow' },
  },
  {
    category: 'harassment',
    of: ['suicide'],
    with: ['target'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'medical'], to: 'ask_or_allow' },
  },
  {
    category: 'crime',
    of: ['fraud'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'play'], to: 'ask_or_allow' },
  },
  {
    category: 'crime',
    of: ['contraband', 'drug'],
    with: ['trade'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'history', 'play', 'medical'], to: 'ask_or_allow' },
  },
  {
    category: 'crime',
    of: ['weapon'],
    with: ['deal'],
    outcome: 'block',
    eased: { by: ['prevention', 'news', 'history', 'play'], to: 'ask_or_allow' },
  },
  {
    category: 'crime',
    of: ['contraband', 'drug'],
    outcome: 'ask_or_allow',
    eased: { by: [...teaching, 'play'], to: 'allow' },
  },
  {
    category: 'gore',
    of: ['cruelty'],
    outcome: 'ask_or_allow',
    eased: { by: [...teaching, 'play'], to: 'allow' },
  },
  {
    category: 'self_harm',
    of: ['suicide'],
    outcome: 'ask_or_allow',
    eased: { by: ['prevention', 'medical', 'news'], to: 'allow' },
  },
];
