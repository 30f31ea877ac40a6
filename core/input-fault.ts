import type { z } from 'zod';

import { Fault } from './fault.ts';

/** The problems of an input as one Fault: each field, what is wrong, and what would fit. */
export function inputFault(error: z.ZodError, schema: z.ZodObject): Fault<'invalid_input'> {
  const known = Object.keys(schema.shape).join(', ') || 'none';
  const problems = error.issues.map((issue) => {
    const field = issue.path.join('.');
    if (issue.code === 'unrecognized_keys')
      return `there is no field ${issue.keys.join(', ')} (the fields are: ${known})`;
    return field ? `${field}: ${issue.message}` : issue.message;
  });
  const [first] = error.issues;
  const field = first?.code === 'unrecognized_keys' ? first.keys[0] : first?.path.join('.');
  return new Fault('invalid_input', { problems: problems.join('; ') }, field ? { field } : {});
}
