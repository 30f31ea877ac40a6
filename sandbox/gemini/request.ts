import { z } from 'zod';

/** The part of JSON Schema (and of Gemini's older OpenAPI form) that answers are built from. */
export type Shape = {
  type?: string | string[] | undefined;
  description?: string | undefined;
  format?: string | undefined;
  enum?: (string | number | boolean | null)[] | undefined;
  const?: unknown;
  properties?: Record<string, Shape> | undefined;
  required?: string[] | undefined;
  items?: Shape | undefined;
  anyOf?: Shape[] | undefined;
  oneOf?: Shape[] | undefined;
  $ref?: string | undefined;
  $defs?: Record<string, Shape> | undefined;
  definitions?: Record<string, Shape> | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  exclusiveMinimum?: number | undefined;
  exclusiveMaximum?: number | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
};

/** OpenAPI's limits may be strings, as Google's own clients send 64-bit numbers. */
const limit = z.coerce.number().optional();

const shapeSchema: z.ZodType<Shape> = z.lazy(() =>
  z.looseObject({
    type: z
      .union([
        z.string().transform((type) => type.toLowerCase()),
        z.array(z.string().transform((type) => type.toLowerCase())),
      ])
      .optional(),
    description: z.string().optional(),
    format: z.string().optional(),
    enum: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    properties: z.record(z.string(), shapeSchema).optional(),
    required: z.array(z.string()).optional(),
    items: shapeSchema.optional(),
    anyOf: z.array(shapeSchema).optional(),
    oneOf: z.array(shapeSchema).optional(),
    $ref: z.string().optional(),
    $defs: z.record(z.string(), shapeSchema).optional(),
    definitions: z.record(z.string(), shapeSchema).optional(),
    minimum: limit,
    maximum: limit,
    exclusiveMinimum: limit,
    exclusiveMaximum: limit,
    minLength: limit,
    maxLength: limit,
    minItems: limit,
    maxItems: limit,
  }),
);

const partSchema = z
  .looseObject({ text: z.string().optional() })
  .refine((part) => Object.keys(part).length > 0, 'a part must hold one kind of data');

const contentSchema = z.strictObject({
  role: z.enum(['user', 'model']).optional(),
  parts: z.array(partSchema).min(1),
});

/** What generateContent accepts; an unknown name is refused, as the real service does. */
const bodySchema = z.strictObject({
  contents: z.array(contentSchema).min(1),
  systemInstruction: z
    .strictObject({ role: z.string().optional(), parts: z.array(partSchema).min(1) })
    .optional(),
  generationConfig: z
    .looseObject({
      maxOutputTokens: z.number().int().positive().optional(),
      responseMimeType: z.enum(['text/plain', 'application/json', 'text/x.enum']).optional(),
      responseSchema: shapeSchema.optional(),
      responseJsonSchema: shapeSchema.optional(),
    })
    .optional(),
  safetySettings: z.array(z.object({ category: z.string(), threshold: z.string() })).optional(),
  tools: z.array(z.looseObject({})).optional(),
  toolConfig: z.looseObject({}).optional(),
  cachedContent: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  serviceTier: z.string().optional(),
});

export type Question = {
  /** The system text. */
  readonly instructions: string;
  /** What the user wrote first: the material. Later turns only steer. */
  readonly material: string;
  /** The last thing the user wrote, when there were several turns. */
  readonly followUp: string;
  /** Everything that costs input tokens. */
  readonly allText: string;
  /** null: a plain text is wanted. */
  readonly shape: Shape | null;
  readonly maxOutputTokens: number;
};

const textOf = (parts: readonly { text?: string | undefined }[]): string =>
  parts.map(({ text = '' }) => text).join('\n');

/** Reads a request body, or names what is wrong with it. */
export function readQuestion(raw: Buffer): { question: Question } | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(raw.toString('utf8'));
  } catch {
    return { problem: 'Invalid JSON payload received.' };
  }
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) {
    return { problem: `Invalid JSON payload received. ${z.prettifyError(parsed.error)}` };
  }
  const { contents, systemInstruction, generationConfig = {} } = parsed.data;
  const { responseJsonSchema, responseSchema, responseMimeType, maxOutputTokens } =
    generationConfig;
  const shape = responseJsonSchema ?? responseSchema ?? null;
  if (shape && responseMimeType !== 'application/json') {
    return { problem: 'A response schema needs response_mime_type application/json.' };
  }
  const said = contents.filter(({ role }) => role !== 'model').map(({ parts }) => textOf(parts));
  const instructions = systemInstruction ? textOf(systemInstruction.parts) : '';
  const isJson = responseMimeType === 'application/json';
  return {
    question: {
      instructions,
      material: said[0] ?? '',
      followUp: said.length > 1 ? (said.at(-1) ?? '') : '',
      allText: [instructions, ...contents.map(({ parts }) => textOf(parts))].join('\n'),
      shape:
        shape ?? (isJson ? { type: 'object', properties: { text: { type: 'string' } } } : null),
      maxOutputTokens: maxOutputTokens ?? 65_536,
    },
  };
}
