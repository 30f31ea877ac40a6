import { findFileProblem, videosOf, type WatchedVideo } from './file-rules.ts';
import type { Declaration } from './dialogue/toolbox.ts';
import { findToolProblem } from './tool-rules.ts';
import {
  bodySchema,
  describeProblem,
  type Body,
  type Content,
  type Part,
  type Shape,
} from './wire.ts';

export type CallingMode = 'AUTO' | 'ANY' | 'NONE';

/** A conversation in which functions may be called. */
export type ToolRequest = {
  readonly declarations: readonly Declaration[];
  readonly mode: CallingMode;
  /** The only ones that may be called; null: all. */
  readonly allowed: readonly string[] | null;
};

export type Question = {
  /** The system text. */
  readonly instructions: string;
  /** What the user wrote first: the material. Later turns only steer. */
  readonly material: string;
  /** The last thing the user wrote, when there were several turns. */
  readonly followUp: string;
  /** Everything that costs input tokens. */
  readonly allText: string;
  readonly contents: readonly Content[];
  /** null: a plain text is wanted. */
  readonly shape: Shape | null;
  /** null: no functions are declared. */
  readonly tools: ToolRequest | null;
  readonly maxOutputTokens: number;
  readonly videos: readonly WatchedVideo[];
};

const textOf = (parts: readonly Part[]): string =>
  parts.flatMap(({ text }) => text ?? []).join('\n');

/** Calls and their results are read by the model too. */
const costOf = (parts: readonly Part[]): string =>
  parts
    .map(({ text = '', functionCall, functionResponse }) => {
      const data = functionCall ?? functionResponse;
      return data ? JSON.stringify(data) : text;
    })
    .join('\n');

/** Reads a request body, or names what is wrong with it. */
export function readQuestion(raw: Buffer): { question: Question } | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(raw.toString('utf8'));
  } catch {
    return { problem: 'Invalid JSON payload received.' };
  }
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) return { problem: describeProblem(parsed.error) };
  const { generationConfig = {} } = parsed.data;
  const { responseJsonSchema, responseSchema, responseMimeType } = generationConfig;
  const shape = responseJsonSchema ?? responseSchema ?? null;
  if (shape && responseMimeType !== 'application/json') {
    return { problem: 'A response schema needs response_mime_type application/json.' };
  }
  const problem = findToolProblem(parsed.data) ?? findFileProblem(parsed.data);
  if (problem !== null) return { problem };
  const isJson = responseMimeType === 'application/json';
  const text: Shape = { type: 'object', properties: { text: { type: 'string' } } };
  return { question: buildQuestion(parsed.data, shape ?? (isJson ? text : null)) };
}

function buildQuestion(body: Body, shape: Shape | null): Question {
  const { contents, systemInstruction, generationConfig, tools = [] } = body;
  const said = contents.filter(({ role }) => role !== 'model').map(({ parts }) => textOf(parts));
  const instructions = systemInstruction ? textOf(systemInstruction.parts) : '';
  const declared = tools.length === 0 ? '' : JSON.stringify(tools);
  return {
    instructions,
    material: said[0] ?? '',
    followUp: said.length > 1 ? (said.at(-1) ?? '') : '',
    allText: [instructions, declared, ...contents.map(({ parts }) => costOf(parts))].join('\n'),
    contents,
    shape,
    tools: readTools(body),
    maxOutputTokens: generationConfig?.maxOutputTokens ?? 65_536,
    videos: videosOf(body),
  };
}

function readTools({ tools = [], toolConfig }: Body): ToolRequest | null {
  const declared = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  if (declared.length === 0) return null;
  const { mode = 'AUTO', allowedFunctionNames = [] } = toolConfig?.functionCallingConfig ?? {};
  return {
    declarations: declared.map(({ name, parameters, parametersJsonSchema }) => ({
      name,
      schema: parametersJsonSchema ?? parameters ?? null,
    })),
    mode: mode === 'ANY' || mode === 'NONE' ? mode : 'AUTO',
    allowed: allowedFunctionNames.length > 0 ? allowedFunctionNames : null,
  };
}
