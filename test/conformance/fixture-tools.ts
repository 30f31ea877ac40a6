import {
  inputRequired,
  type CallToolResult,
  type InputRequiredResult,
  type Tool,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { Call } from '../../mcp-server/service.ts';

type Answer = CallToolResult | InputRequiredResult;

/** A tool of the fixture: what it is listed as, and what it does. */
export type FixtureTool = {
  readonly tool: Tool;
  run(input: Readonly<Record<string, unknown>>, call: Call): Answer;
};

/** A picture of one red pixel. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** A sound without samples. */
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

const text = (words: string): CallToolResult => ({ content: [{ type: 'text', text: words }] });

const noInput: Tool['inputSchema'] = { type: 'object', properties: {} };

const plain = (name: string, description: string, run: FixtureTool['run']): FixtureTool => ({
  tool: { name, description, inputSchema: noInput },
  run,
});

const answerSchema = z.object({ action: z.string(), content: z.unknown().optional() });

type Questions = Parameters<typeof inputRequired.elicit>[0]['requestedSchema'];

/** Asks the client's person, and says what came back. */
function ask(
  message: string,
  requestedSchema: Questions,
  { answers, client, state }: Call,
): Answer {
  if (state !== null) {
    const { action, content } = answerSchema.parse(answers?.['person']);
    return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
  }
  if (!client.elicitation) return { ...text('This client cannot ask its person.'), isError: true };
  return inputRequired({
    inputRequests: { person: inputRequired.elicit({ message, requestedSchema }) },
    requestState: 'asked',
  });
}

const person: Questions = {
  type: 'object',
  properties: {
    username: { type: 'string', description: "User's response" },
    email: { type: 'string', description: "User's email address" },
  },
  required: ['username', 'email'],
};

const defaults: Questions = {
  type: 'object',
  properties: {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
};

const titled = ['value1', 'value2', 'value3'].map((value, index) => ({
  const: value,
  title: `Option ${index + 1}`,
}));

const options = ['option1', 'option2', 'option3'];

const enums: Questions = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', enum: options },
    titledSingle: { type: 'string', oneOf: titled },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
    titledMulti: { type: 'array', items: { anyOf: titled } },
  },
};

const dialectTool: FixtureTool = {
  tool: {
    name: 'json_schema_2020_12_tool',
    description: 'Tool with JSON Schema 2020-12 features',
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
      additionalProperties: false,
    },
  },
  run: () => text('Taken.'),
};

const askTool: FixtureTool = {
  tool: {
    name: 'test_elicitation',
    description: 'Asks for a name and an address',
    inputSchema: {
      type: 'object',
      properties: { message: { type: 'string' } },
      required: ['message'],
    },
  },
  run: ({ message }, call) => ask(String(message), person, call),
};

const embedded = (uri: string, mimeType: string, words: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: words },
});

/** The tools that the official suite calls by name; `touch` changes the watched resource. */
export const fixtureTools = (touch: () => void): readonly FixtureTool[] => [
  plain('test_simple_text', 'Answers with text', () =>
    text('This is a simple text response for testing.'),
  ),
  plain('test_image_content', 'Answers with an image', () => ({
    content: [{ type: 'image', data: png, mimeType: 'image/png' }],
  })),
  plain('test_audio_content', 'Answers with a sound', () => ({
    content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }],
  })),
  plain('test_embedded_resource', 'Answers with a resource', () => ({
    content: [
      embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
    ],
  })),
  plain('test_multiple_content_types', 'Answers with a text, an image and a resource', () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: png, mimeType: 'image/png' },
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  })),
  plain('test_error_handling', 'Always fails', () => ({
    ...text('This tool intentionally returns an error for testing'),
    isError: true,
  })),
  plain('test_tool_with_progress', 'Tells how far it is', (_, { onProgress }) => {
    for (const progress of [0, 50, 100]) onProgress?.({ progress, total: 100 });
    return text('Done.');
  }),
  plain('test_reconnection', 'Answers at once', () => text('Done.')),
  plain('test_touch', 'Changes the watched resource', () => {
    touch();
    return text('Changed.');
  }),
  plain('test_elicitation_sep1034_defaults', 'Asks with defaults', (_, call) =>
    ask('Please check what is filled in.', defaults, call),
  ),
  plain('test_elicitation_sep1330_enums', 'Asks with choices', (_, call) =>
    ask('Please choose.', enums, call),
  ),
  askTool,
  dialectTool,
];
