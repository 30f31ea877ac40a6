import { z } from 'zod';

import { Fault } from './fault.ts';
import { catalogue } from './messages/catalogue.ts';
import type { Problems } from './messages/problems.ts';

const { en, zh } = { en: catalogue('en').problems, zh: catalogue('zh').problems };

/** One thing that is wrong with a field, before it is put into words. */
export type Problem = {
  [K in keyof Problems]: {
    readonly problem: K;
    readonly params: Problems[K] extends () => string ? null : Parameters<Problems[K]>[0];
  };
}[keyof Problems];

/** A problem that a schema's own check found; a field's schema leaves `field` out. */
export function customIssue(found: Problem, field?: string) {
  return { code: 'custom', path: field === undefined ? [] : [field], params: { found } } as const;
}

/** The Fault of one field. */
export const fieldFault = (
  field: string,
  found: Problem,
  cause?: unknown,
): Fault<'invalid_input'> =>
  new Fault(
    'invalid_input',
    {
      problems: {
        en: `${field}: ${tell(en, found)}`,
        zh: `${field}: ${tell(zh, found)}`,
      },
    },
    { field, cause },
  );

/**
 * The problems of an input that `schema` refuses, as one Fault: each field, what is wrong, and what
 * would fit, in every language. `fields` names what may be sent; by default the schema's own.
 */
export function inputFault(
  schema: z.ZodObject,
  input: unknown,
  fields: z.ZodObject = schema,
): Fault<'invalid_input'> {
  const known = Object.keys(fields.shape).join(', ') || '-';
  const english = refuse(schema, input, en, z.locales.en().localeError);
  const chinese = refuse(schema, input, zh, z.locales.zhCN().localeError);
  const problems = {
    en: describeIssues(english, en, known),
    zh: describeIssues(chinese, zh, known),
  };
  const [first] = english.issues;
  const field = first?.code === 'unrecognized_keys' ? first.keys[0] : first?.path.join('.');
  return new Fault('invalid_input', { problems }, field ? { field } : {});
}

function refuse(
  schema: z.ZodObject,
  input: unknown,
  words: Problems,
  localeError: z.core.$ZodErrorMap,
): z.ZodError {
  const parsed = schema.safeParse(input, {
    error(issue) {
      const found = issue.code === 'custom' ? foundIn(issue.params) : null;
      return found ? tell(words, found) : localeError(issue);
    },
  });
  if (parsed.success) throw new Error('an input that fits has no problems');
  return parsed.error;
}

const describeIssues = (error: z.ZodError, words: Problems, known: string): string =>
  error.issues
    .map((issue) => {
      if (issue.code === 'unrecognized_keys')
        return `${issue.keys.join(', ')}: ${words.unknown_field({ known })}`;
      const field = issue.path.join('.');
      return field ? `${field}: ${issue.message}` : issue.message;
    })
    .join('; ');

const markSchema = z.object({
  found: z.custom<Problem>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      'problem' in value &&
      String(value.problem) in en,
  ),
});

const foundIn = (params: unknown): Problem | null =>
  markSchema.safeParse(params).data?.found ?? null;

/** Fills a sentence; the pairing of problem and parameters is checked where the problem is named. */
function tell(words: Problems, { problem, params }: Problem): string {
  const write: unknown = words[problem];
  if (typeof write !== 'function') throw new Error(`no words for ${problem}`);
  return String(write(params));
}
