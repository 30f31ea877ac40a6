import { inputSchemaFor, needsConsent, type AnyOperation } from '../../core/operation.ts';
import { callers } from './callers.ts';
import { describeSchema, typeOf, type SchemaNode } from './json-schema.ts';

/** `docs/operations.md`: what Jilo can be asked to do, in the order of the registry. */
export function renderOperationsPage(operations: readonly AnyOperation[]): string {
  const count = (wanted: AnyOperation['audience']) =>
    operations.filter(({ audience }) => audience === wanted).length;
  return [
    '# Operations',
    '',
    "Everything Jilo can be asked to do: `npm run call -- <operation> '<json>'` at the terminal, a tool of the same name for models. This page is generated: change the operation in `core/`, then run `npm run generate`.",
    '',
    `${operations.length} operations: ${count('everyone')} are tools of every model, ${count('chat')} more of Jilo's own agent, and ${count('people')} are for people alone. Spending, publishing and destroying wait for a person's approval.`,
    '',
    table(['operation', 'effect', 'what it does'], operations.map(rowOf)),
    '',
    operations.map(sectionOf).join('\n\n'),
    '',
  ].join('\n');
}

const rowOf = (operation: AnyOperation): string[] => [
  `[${operation.name}](#${operation.name})`,
  operation.effect,
  operation.summary.en,
];

function sectionOf(operation: AnyOperation): string {
  const consent = needsConsent(operation) ? ', after approval by a person' : '';
  const needs = operation.needs.length > 0 ? operation.needs.join(', ') : 'nothing outside';
  return [
    `## ${operation.name}`,
    '',
    operation.summary.en,
    '',
    operation.summary.zh,
    '',
    `- Effect: ${operation.effect}${consent}`,
    `- For: ${callers[operation.audience]}`,
    `- Needs: ${needs}`,
    ...(operation.guidance ? [`- For models: ${operation.guidance}`] : []),
    '',
    inputsOf(operation),
    '',
    outputsOf(operation),
  ].join('\n');
}

function inputsOf(operation: AnyOperation): string {
  const { properties = {}, required = [] } = describeSchema(operation.input, 'input');
  const forModels = Object.keys(inputSchemaFor(operation, true).shape);
  const rows = Object.entries(properties).map(([name, field]) => [
    `\`${name}\``,
    typeOf(field),
    required.includes(name) ? 'required' : defaultOf(field),
    `${field.description ?? ''}${forModels.includes(name) ? '' : ' (only a person decides this)'}`,
  ]);
  if (rows.length === 0) return 'Takes nothing.';
  return table(['input', 'type', 'default', 'meaning'], rows);
}

const defaultOf = (field: SchemaNode): string =>
  field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``;

function outputsOf(operation: AnyOperation): string {
  const rows = fieldsOf(describeSchema(operation.output, 'output'), '');
  return table(['output', 'type', 'meaning'], rows);
}

/** One row for each field, those inside of objects and lists with their path. */
function fieldsOf(schema: SchemaNode, path: string): string[][] {
  const within = schema.anyOf?.find(({ properties }) => properties !== undefined) ?? schema;
  return Object.entries(within.properties ?? {}).flatMap(([name, field]) => {
    const here = path ? `${path}.${name}` : name;
    const type = typeOf(field);
    const row = [`\`${here}\``, type, field.description ?? ''];
    const inside = field.items ? ([field.items, `${here}[]`] as const) : ([field, here] as const);
    return [row, ...fieldsOf(...inside)];
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
