import { z } from 'zod';

import { invalidRequest, type ApiError } from './errors.ts';
import type { FormTree, FormValue } from './forms.ts';

export const text = z.string().min(1).max(5000);
/** Empty: taken away. */
export const emptyable = z.string().max(5000);
export const whole = z
  .string()
  .regex(/^-?\d+$/)
  .transform(Number);
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
export const url = text.refine((value) => URL.canParse(value), { message: 'Not a valid URL' });
export const metadataForm = z
  .union([z.record(z.string().max(40), z.string().max(500)), z.literal('').transform(() => ({}))])
  .refine((pairs) => Object.keys(pairs).length <= 50, { message: 'too many metadata keys' });

const range = z.strictObject({
  gt: whole.optional(),
  gte: whole.optional(),
  lt: whole.optional(),
  lte: whole.optional(),
});
export const createdForm = z.union([whole.transform((at) => ({ gte: at, lte: at })), range]);
export type CreatedRange = z.infer<typeof range>;

export const paging = {
  limit: whole.pipe(z.number().min(1).max(100)).optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
};

/** Reads parameters by a schema. @throws ApiError in Stripe's words. */
export function readParams<S extends z.ZodType>(schema: S, input: FormTree): z.output<S> {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw issue ? explain(issue, input) : invalidRequest('Invalid request.');
}

function explain(issue: z.core.$ZodIssue, input: FormTree): ApiError {
  const path = issue.path.map(String);
  const value = valueAt(input, path);
  if (issue.code === 'unrecognized_keys') {
    const param = bracketed([...path, issue.keys[0] ?? '']);
    return invalidRequest(`Received unknown parameter: ${param}`, {
      code: 'parameter_unknown',
      param,
    });
  }
  const param = bracketed(path);
  if (value === undefined) {
    return invalidRequest(`Missing required param: ${param}.`, {
      code: 'parameter_missing',
      param,
    });
  }
  if (value === '') {
    const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset.`;
    return invalidRequest(message, { code: 'parameter_invalid_empty', param });
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return invalidRequest(`Invalid ${param}: must be one of ${listed(values)}`, { param });
  }
  if (issue.code === 'invalid_format') {
    return invalidRequest(`Invalid integer: ${shown(value)}`, {
      code: 'parameter_invalid_integer',
      param,
    });
  }
  if (issue.code === 'custom' && issue.message === 'Not a valid URL') {
    return invalidRequest('Not a valid URL', { code: 'url_invalid', param });
  }
  if (issue.code === 'invalid_type') return invalidRequest(`Invalid ${issue.expected}`, { param });
  return invalidRequest(`Invalid ${param}: ${issue.message}`, { param });
}

const shown = (value: FormValue) => (typeof value === 'string' ? value : JSON.stringify(value));

const bracketed = ([first = '', ...rest]: readonly string[]): string =>
  first + rest.map((part) => `[${part}]`).join('');

const listed = (values: readonly string[]) =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')}, or ${values.at(-1)}`;

function valueAt(input: FormTree, path: readonly string[]): FormValue | undefined {
  let value: FormValue | undefined = input;
  for (const part of path) {
    if (value === undefined || typeof value === 'string') return undefined;
    value = Array.isArray(value) ? value[Number(part)] : value[part];
  }
  return value;
}
