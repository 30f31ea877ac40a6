import { z } from 'zod';

/** As much of a JSON Schema as our own operations and settings make use of. */
export type SchemaNode = {
  readonly type?: string | readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly items?: SchemaNode | undefined;
  readonly anyOf?: readonly SchemaNode[] | undefined;
  readonly properties?: Readonly<Record<string, SchemaNode>> | undefined;
  readonly additionalProperties?: boolean | SchemaNode | undefined;
  readonly required?: readonly string[] | undefined;
};

const node: z.ZodType<SchemaNode> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    items: node.optional(),
    anyOf: z.array(node).optional(),
    properties: z.record(z.string(), node).optional(),
    additionalProperties: z.union([z.boolean(), node]).optional(),
    required: z.array(z.string()).optional(),
  }),
);

/** The JSON Schema of what `schema` takes in or gives out. */
export const describeSchema = (schema: z.ZodType, io: 'input' | 'output'): SchemaNode =>
  node.parse(z.toJSONSchema(schema, { io }));

/** A value as a person writes it: text without quotes. */
export const plainText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

const bothTypes = (type: SchemaNode['type']): readonly string[] =>
  type === undefined ? [] : typeof type === 'string' ? [type] : type;

/** What a value looks like, in a few words: `integer 1..50`, `one of 15, 30, 60`, `string or null`. */
export function typeOf(schema: SchemaNode): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.const !== undefined) return `always ${plainText(schema.const)}`;
  if (schema.enum) return `one of ${schema.enum.map(plainText).join(', ')}`;
  return bothTypes(schema.type)
    .map((type) => typeWithBounds(type, schema))
    .join(' or ');
}

function typeWithBounds(type: string, schema: SchemaNode): string {
  if (type === 'string') {
    const kind = schema.format === 'date-time' ? 'date and time' : (schema.format ?? type);
    return `${kind}${rangeOf(schema.minLength, schema.maxLength, ' characters')}`;
  }
  if (type === 'number' || type === 'integer') {
    const within = (bound: number | undefined) =>
      bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound;
    return `${type}${rangeOf(within(schema.minimum), within(schema.maximum), '')}`;
  }
  if (type === 'array') {
    const items = schema.items ? typeOf(schema.items) : 'anything';
    return `list${rangeOf(schema.minItems, schema.maxItems, '')} of ${items}`;
  }
  return type;
}

function rangeOf(low: number | undefined, high: number | undefined, unit: string): string {
  if (low !== undefined && high !== undefined)
    return low === high ? ` ${low}${unit}` : ` ${low}..${high}${unit}`;
  if (high !== undefined) return ` up to ${high}${unit}`;
  // One character at least only says that the text must not be empty.
  if (low === undefined || (low === 1 && unit !== '')) return '';
  return ` from ${low}${unit}`;
}
