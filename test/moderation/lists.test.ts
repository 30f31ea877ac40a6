import { beforeAll, describe, expect, test } from 'vitest';

import { loadRules, refusesAlone, type Rules } from '../../core/moderation/decide.ts';
import { promptTemplates } from '../../core/prompt/templates.ts';
import { openBaselines } from '../../scripts/moderation/baselines.ts';
import { scoreOf } from '../../scripts/moderation/measure.ts';
import { halvesOf, readPrompts } from '../../scripts/moderation/prompts.ts';
import { lookAlikes } from './look-alikes.ts';

let rules: Rules;
const refuses = (text: string): boolean => refusesAlone(rules.decide(text));
beforeAll(async () => {
  rules = await loadRules();
});

const prompts = readPrompts('prompts');
const fresh = readPrompts('fresh');

describe('the labelled prompts', () => {
  test('are many, in both languages, none twice', () => {
    const isHard = (kind: string) => kind !== 'ordinary';
    const isDisguised = (kind: string) => kind !== 'plain' && kind !== 'paraphrase';
    const allowed = prompts.filter(({ label }) => label === 'allow');
    const blocked = prompts.filter(({ label }) => label === 'block');
    expect(prompts.length).toBeGreaterThanOrEqual(420);
    expect(allowed.filter(({ kind }) => isHard(kind)).length).toBeGreaterThanOrEqual(120);
    expect(blocked.filter(({ kind }) => isDisguised(kind)).length).toBeGreaterThanOrEqual(120);
    const chinese = prompts.filter(({ language }) => language === 'zh').length;
    expect(Math.abs(chinese / prompts.length - 0.5)).toBeLessThan(0.05);
    expect(new Set([...prompts, ...fresh].map(({ text }) => text)).size).toBe(
      prompts.length + fresh.length,
    );
    for (const { label, category } of [...prompts, ...fresh])
      expect(category === undefined).toBe(label === 'allow');
  });

  test('that were held out are told apart well enough without a model', () => {
    const { precision, recall } = scoreOf(halvesOf(prompts).heldOut, refuses);
    expect(recall).toBeGreaterThanOrEqual(0.97);
    expect(precision).toBeGreaterThanOrEqual(0.98);
  });

  test('that are harmless and were written afterwards are refused hardly ever', () => {
    const { wronglyRefused, passed } = scoreOf(fresh, refuses);
    expect(wronglyRefused + passed).toBeGreaterThanOrEqual(30);
    expect(wronglyRefused / (wronglyRefused + passed)).toBeLessThanOrEqual(0.05);
  });

  test.each(Object.entries(openBaselines()))('are told apart better than by %s', (_, alone) => {
    const { heldOut } = halvesOf(prompts);
    expect(scoreOf(heldOut, refuses).f1).toBeGreaterThan(scoreOf(heldOut, alone).f1 + 0.5);
  });
});

describe('harmless look-alikes', () => {
  test('are at least 80', () => {
    expect(new Set(lookAlikes).size).toBeGreaterThanOrEqual(80);
  });

  test.each(lookAlikes)('%j passes', (text) => {
    expect(refuses(text)).toBe(false);
  });

  test.each(promptTemplates.flatMap(({ text }) => [text.en, text.zh]))(
    'so does the template %j',
    (text) => {
      expect(rules.decide(text).outcome).toBe('allow');
    },
  );
});
