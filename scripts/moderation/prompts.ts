import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { categories } from '../../core/moderation/categories.ts';

const caseSchema = z.strictObject({
  label: z.enum(['allow', 'block']),
  /** What a prompt to block breaks. */
  category: z.enum(categories).optional(),
  /** How it is disguised, or what makes a harmless one hard. */
  kind: z.string(),
  language: z.enum(['en', 'zh']),
  text: z.string(),
});
export type LabelledPrompt = z.output<typeof caseSchema>;

const folder = join(import.meta.dirname, '../../test/moderation');

/** The prompts of one list, in its order. */
export const readPrompts = (name: 'prompts' | 'fresh'): LabelledPrompt[] =>
  readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => caseSchema.parse(JSON.parse(line)));

/** The rules were tuned on the first half, every other line; the second one was held out. */
export function halvesOf(prompts: readonly LabelledPrompt[]) {
  const at = (parity: number) => prompts.filter((_, index) => index % 2 === parity);
  return { tuning: at(0), heldOut: at(1) };
}
