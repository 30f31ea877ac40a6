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

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const typeName = z
  .string()
  .transform((type) => type.toLowerCase())
  .refine((type) => types.includes(type), 'an unknown schema type');

const shapeSchema: z.ZodType<Shape> = z.lazy(() =>
  z.looseObject({
    type: z.union([typeName, z.array(typeName)]).optional(),
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

const anything = z.unknown().optional();
const struct = z.record(z.string(), z.unknown());

/** google.protobuf.Duration as JSON. */
const duration = z.string().regex(/^\d{1,6}(?:\.\d{1,9})?s$/u, 'not a duration such as 3.5s');

/** A part is one of these, beside what describes it. */
const kinds = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
] as const;

const partSchema = z
  .strictObject({
    text: z.string().optional(),
    thought: z.boolean().optional(),
    thoughtSignature: z.string().optional(),
    inlineData: z.strictObject({ mimeType: z.string(), data: z.string() }).optional(),
    fileData: z.strictObject({ mimeType: z.string().optional(), fileUri: z.string() }).optional(),
    functionCall: z
      .strictObject({ id: z.string().optional(), name: z.string(), args: struct.optional() })
      .optional(),
    functionResponse: z
      .strictObject({
        id: z.string().optional(),
        name: z.string(),
        response: struct,
        parts: z.array(struct).optional(),
        willContinue: z.boolean().optional(),
        scheduling: z.string().optional(),
      })
      .optional(),
    executableCode: anything,
    codeExecutionResult: anything,
    toolCall: anything,
    toolResponse: anything,
    videoMetadata: z
      .strictObject({
        startOffset: duration.optional(),
        endOffset: duration.optional(),
        fps: z.number().optional(),
      })
      .optional(),
    mediaResolution: anything,
  })
  .refine(
    (part) => kinds.filter((kind) => part[kind] !== undefined).length === 1,
    'a part must hold one kind of data',
  );

const contentSchema = z.strictObject({
  role: z.enum(['user', 'model']).optional(),
  parts: z.array(partSchema).min(1),
});

const generationConfigSchema = z.strictObject({
  maxOutputTokens: z.number().int().positive().optional(),
  responseMimeType: z.enum(['text/plain', 'application/json', 'text/x.enum']).optional(),
  responseSchema: shapeSchema.optional(),
  responseJsonSchema: shapeSchema.optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().optional(),
  topK: z.number().optional(),
  candidateCount: z.number().optional(),
  stopSequences: z.array(z.string()).max(5).optional(),
  seed: z.number().int().optional(),
  presencePenalty: z.number().optional(),
  frequencyPenalty: z.number().optional(),
  responseLogprobs: z.boolean().optional(),
  logprobs: z.number().optional(),
  responseModalities: z.array(z.string()).optional(),
  thinkingConfig: z
    .strictObject({
      includeThoughts: z.boolean().optional(),
      thinkingBudget: z.number().optional(),
      thinkingLevel: z.string().optional(),
    })
    .optional(),
  mediaResolution: z.string().optional(),
  speechConfig: anything,
  audioTimestamp: z.boolean().optional(),
  imageConfig: anything,
});

const declarationSchema = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  parameters: shapeSchema.optional(),
  parametersJsonSchema: shapeSchema.optional(),
  response: anything,
  responseJsonSchema: anything,
  behavior: z.string().optional(),
});

const toolSchema = z.strictObject({
  functionDeclarations: z.array(declarationSchema).optional(),
  googleSearch: anything,
  googleSearchRetrieval: anything,
  codeExecution: anything,
  urlContext: anything,
  googleMaps: anything,
  fileSearch: anything,
  computerUse: anything,
});

const toolConfigSchema = z.strictObject({
  functionCallingConfig: z
    .strictObject({
      mode: z.enum(['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED']).optional(),
      allowedFunctionNames: z.array(z.string()).optional(),
    })
    .optional(),
  retrievalConfig: anything,
  includeServerSideToolInvocations: z.boolean().optional(),
});

/** What generateContent accepts; an unknown name is refused, as the real service does. */
export const bodySchema = z.strictObject({
  contents: z.array(contentSchema).min(1),
  systemInstruction: z
    .strictObject({ role: z.string().optional(), parts: z.array(partSchema).min(1) })
    .optional(),
  generationConfig: generationConfigSchema.optional(),
  safetySettings: z.array(z.object({ category: z.string(), threshold: z.string() })).optional(),
  tools: z.array(toolSchema).optional(),
  toolConfig: toolConfigSchema.optional(),
  cachedContent: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  serviceTier: z.string().optional(),
});

export type Body = z.output<typeof bodySchema>;
export type Content = Body['contents'][number];
export type Part = Content['parts'][number];

/** What is wrong with a body, in the real service's words where it is an unknown name. */
export function describeProblem({ issues }: z.ZodError): string {
  const told = issues.map((issue) => {
    const place = issue.path.length === 0 ? '' : ` at '${issue.path.join('.')}'`;
    return issue.code === 'unrecognized_keys'
      ? `Unknown name "${issue.keys[0] ?? ''}"${place}: Cannot find field.`
      : `Invalid value${place}: ${issue.message}`;
  });
  return `Invalid JSON payload received. ${told.join('\n')}`;
}
