import type { LabelledPrompt } from './prompts.ts';

/** Whether a text is refused. */
export type Refuses = (text: string) => boolean;

export type Score = {
  readonly found: number;
  readonly missed: number;
  readonly wronglyRefused: number;
  readonly passed: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
};

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** How well `refuses` separates the prompts. */
export function scoreOf(prompts: readonly LabelledPrompt[], refuses: Refuses): Score {
  const counts = { found: 0, missed: 0, wronglyRefused: 0, passed: 0 };
  for (const { label, text } of prompts) {
    const isRefused = refuses(text);
    if (label === 'block') counts[isRefused ? 'found' : 'missed'] += 1;
    else counts[isRefused ? 'wronglyRefused' : 'passed'] += 1;
  }
  const precision = share(counts.found, counts.found + counts.wronglyRefused);
  const recall = share(counts.found, counts.found + counts.missed);
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { ...counts, precision, recall, f1 };
}

/** The prompts by a property, in the order of their first appearance. */
export function groupBy(
  prompts: readonly LabelledPrompt[],
  keyOf: (prompt: LabelledPrompt) => string,
): Map<string, LabelledPrompt[]> {
  const groups = new Map<string, LabelledPrompt[]>();
  for (const prompt of prompts) {
    const key = keyOf(prompt);
    groups.set(key, [...(groups.get(key) ?? []), prompt]);
  }
  return groups;
}
