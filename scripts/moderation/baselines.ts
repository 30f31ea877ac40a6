import { createRequire } from 'node:module';

import { Mint } from 'mint-filter';
import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity';
import { z } from 'zod';

import type { Refuses } from './measure.ts';

const words = z.array(z.string());
const load = createRequire(import.meta.url);
const listOf = (language: 'en' | 'zh'): string[] =>
  words.parse(load(`naughty-words/${language}.json`));

/** Published filters as they come, for comparison. */
export function openBaselines(): Readonly<Record<string, Refuses>> {
  const english = listOf('en');
  const chinese = listOf('zh');
  const mint = new Mint([...english, ...chinese]);
  const obscenity = new RegExpMatcher({
    ...englishDataset.build(),
    ...englishRecommendedTransformers,
  });
  const phrases = english.map((word) => ` ${word} `);
  return {
    obscenity: (text) => obscenity.hasMatch(text),
    'mint-filter': (text) => !mint.verify(text),
    'naughty-words': (text) => {
      const spaced = ` ${text.toLowerCase().replaceAll(/[^a-z0-9&]+/gu, ' ')} `;
      return (
        phrases.some((phrase) => spaced.includes(phrase)) ||
        chinese.some((word) => text.includes(word))
      );
    },
  };
}
