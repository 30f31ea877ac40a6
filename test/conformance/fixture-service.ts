import { EventEmitter } from 'node:events';

import type {
  GetPromptResult,
  Prompt,
  PromptMessage,
  ReadResourceResult,
} from '@modelcontextprotocol/server';

import type { Service } from '../../mcp-server/service.ts';
import { fixtureTools, png } from './fixture-tools.ts';

const watched = 'test://watched-resource';

/** The tools, resources and prompts whose names the official suite expects. */
export function createFixtureService(): Service {
  const changes = new EventEmitter();
  const tools = fixtureTools(() => changes.emit('change', watched));
  return {
    info: { name: 'fixture', version: '1.0.0' },
    listTools: async () => ({ tools: tools.map(({ tool }) => tool) }),
    async callTool({ name, arguments: input = {} }, call) {
      const called = tools.find(({ tool }) => tool.name === name);
      if (called) return called.run(input, call);
      return { isError: true, content: [{ type: 'text', text: `There is no tool ${name}.` }] };
    },
    resources: {
      list: async () => ({
        resources: ['test://static-text', 'test://static-binary', watched].map((uri) => ({
          uri,
          name: uri.slice('test://'.length),
          description: 'For the suite',
        })),
      }),
      templates: async () => ({
        resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template' }],
      }),
      read: async (uri) => read(uri),
      async watch(onChange) {
        changes.on('change', onChange);
        return async () => void changes.off('change', onChange);
      },
    },
    prompts: {
      list: async () => ({ prompts }),
      get: async ({ name, arguments: given = {} }) => fill(name, given),
    },
    complete: async ({ argument }) => {
      const values = ['paris', 'park', 'party'].filter((word) => word.startsWith(argument.value));
      return { completion: { values, total: values.length, hasMore: false } };
    },
  };
}

function read(uri: string): ReadResourceResult | null {
  const words = (text: string, mimeType = 'text/plain') => ({
    contents: [{ uri, mimeType, text }],
  });
  if (uri === 'test://static-text')
    return words('This is the content of the static text resource.');
  if (uri === watched) return words('This resource changes.');
  if (uri === 'test://static-binary')
    return { contents: [{ uri, mimeType: 'image/png', blob: png }] };
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id === undefined) return null;
  const data = { id, templateTest: true, data: `Data for ID: ${id}` };
  return words(JSON.stringify(data), 'application/json');
}

const required = (...names: readonly string[]): Prompt['arguments'] =>
  names.map((name) => ({ name, description: 'For the suite', required: true }));

const prompts: Prompt[] = [
  { name: 'test_simple_prompt', description: 'Without arguments' },
  {
    name: 'test_prompt_with_arguments',
    description: 'With two arguments',
    arguments: required('arg1', 'arg2'),
  },
  {
    name: 'test_prompt_with_embedded_resource',
    description: 'With a resource',
    arguments: required('resourceUri'),
  },
  { name: 'test_prompt_with_image', description: 'With an image' },
];

const says = (content: PromptMessage['content']): PromptMessage => ({ role: 'user', content });
const saysText = (text: string): PromptMessage => says({ type: 'text', text });

function fill(name: string, given: Readonly<Record<string, string>>): GetPromptResult | null {
  const { arg1, arg2, resourceUri: uri = '' } = given;
  const text = 'Embedded resource content for testing.';
  switch (name) {
    case 'test_simple_prompt':
      return { messages: [saysText('This is a simple prompt for testing.')] };
    case 'test_prompt_with_arguments':
      return { messages: [saysText(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)] };
    case 'test_prompt_with_embedded_resource':
      return {
        messages: [
          says({ type: 'resource', resource: { uri, mimeType: 'text/plain', text } }),
          saysText('Please process the embedded resource above.'),
        ],
      };
    case 'test_prompt_with_image':
      return {
        messages: [
          says({ type: 'image', data: png, mimeType: 'image/png' }),
          saysText('Please analyze the image above.'),
        ],
      };
    default:
      return null;
  }
}
