import type { Issue, Schema } from 'discord-api-spec/zod';

import { problem, type Problem } from './refusal.ts';

type Path = readonly (string | number)[];

/** Parses with a schema of Discord's specification; what it refuses is put in Discord's words. */
export function parseWith<Output>(
  schema: Schema<Output>,
  input: unknown,
):
  | { readonly ok: true; readonly data: Output }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const result = schema.safeParse(input);
  return result.success
    ? { ok: true, data: result.data }
    : { ok: false, problems: result.error.issues.flatMap((issue) => describe(issue, [], input)) };
}

function describe(issue: Issue, base: Path, root: unknown): Problem[] {
  const path = [
    ...base,
    ...issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
  ];
  if (issue.code === 'invalid_union') return describeUnion(issue, path, root);
  if (issue.code === 'invalid_type') return [wrongType(issue, path, at(root, path))];
  const field = path.findLast((step): step is string => typeof step === 'string') ?? '';
  // Embeds have upper bounds only.
  const fromBelow = boundedBothWays.has(field) && path[0] !== 'embeds';
  const [code, message] = sentence(issue, fromBelow);
  return [problem(path, code, message)];
}

/** The branch whose `type` fits is the one that was meant. */
function describeUnion(issue: Issue, path: Path, root: unknown): Problem[] {
  const branches = issue.errors ?? [];
  const meant = branches.find((issues) => issues.every(({ path: [first] }) => first !== 'type'));
  if (meant) return meant.flatMap((inner) => describe(inner, path, root));
  const types = branches
    .flatMap((issues) => issues.filter(({ path: [first] }) => first === 'type'))
    .flatMap(({ values }) => values ?? []);
  return [
    problem(
      [...path, 'type'],
      'UNION_TYPE_CHOICES',
      `Value of field "type" must be one of (${types.join(', ')}).`,
    ),
  ];
}

function wrongType({ expected }: Issue, path: Path, value: unknown): Problem {
  if (value === undefined) return problem(path, 'BASE_TYPE_REQUIRED', 'This field is required');
  const said = JSON.stringify(value);
  const [code, message] = typeProblems[expected ?? '']?.(said) ?? [
    'MODEL_TYPE_CONVERT',
    'Only dictionaries may be used in a ModelType',
  ];
  return problem(path, code, message);
}

type Describe = (said: string) => readonly [string, string];
const notInt: Describe = (said) => ['NUMBER_TYPE_COERCE', `Value ${said} is not int.`];
const typeProblems: Readonly<Record<string, Describe>> = {
  string: (said) => ['STRING_TYPE_CONVERT', `Could not interpret "${said}" as string.`],
  number: notInt,
  int: notInt,
  boolean: () => ['BOOLEAN_TYPE_CONVERT', 'Must be either true or false.'],
  array: () => ['LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType'],
};

/** Fields whose length Discord bounds from both sides. */
const boundedBothWays = new Set([
  'custom_id',
  'title',
  'name',
  'value',
  'components',
  'options',
  'items',
]);

function sentence(issue: Issue, fromBelow: boolean): readonly [string, string] {
  const text = issue.origin === 'string' || issue.origin === 'array';
  switch (issue.code) {
    case 'too_big':
      if (!text) {
        return [
          'NUMBER_TYPE_MAX',
          `int value should be less than or equal to ${String(issue.maximum)}.`,
        ];
      }
      return fromBelow
        ? ['BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${String(issue.maximum)} in length.`]
        : ['BASE_TYPE_MAX_LENGTH', `Must be ${String(issue.maximum)} or fewer in length.`];
    case 'too_small':
      if (!text) {
        return [
          'NUMBER_TYPE_MIN',
          `int value should be greater than or equal to ${String(issue.minimum)}.`,
        ];
      }
      return ['BASE_TYPE_MIN_LENGTH', `Must be ${String(issue.minimum)} or more in length.`];
    case 'invalid_value':
      return ['BASE_TYPE_CHOICES', `Value must be one of (${(issue.values ?? []).join(', ')}).`];
    case 'invalid_format':
      if (issue.format === 'url') return ['URL_TYPE_INVALID_URL', 'Not a well formed URL.'];
      if (issue.format === 'datetime') {
        return ['DATE_TIME_TYPE_PARSE', 'Could not parse as a date and time. Should be ISO8601.'];
      }
      return ['NUMBER_TYPE_COERCE', 'Value is not snowflake.'];
    default:
      return ['BASE_TYPE_BAD_VALUE', issue.message];
  }
}

function at(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === String(step))?.[1];
  }
  return value;
}
