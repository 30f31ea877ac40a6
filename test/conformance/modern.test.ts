import {
  Client,
  StreamableHTTPClientTransport,
  type ElicitResult,
  type Progress,
} from '@modelcontextprotocol/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { startFixture } from './fixture-server.ts';

const revision = '2026-07-28';

let fixture: Awaited<ReturnType<typeof startFixture>>;
let client: Client;
let person: ElicitResult;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.close());

beforeEach(async () => {
  person = { action: 'accept', content: { username: 'ada', email: 'ada@example.com' } };
  client = new Client(
    { name: 'modern', version: '1.0.0' },
    { capabilities: { elicitation: {} }, versionNegotiation: { mode: 'auto' } },
  );
  client.setRequestHandler('elicitation/create', () => person);
  await client.connect(new StreamableHTTPClientTransport(new URL(fixture.url)));
});

afterEach(() => client.close());

test('a client that can speak both agrees on the newest revision', () => {
  expect(client.getNegotiatedProtocolVersion()).toBe(revision);
  expect(client.getServerVersion()).toMatchObject({ name: 'fixture' });
  expect(client.getServerCapabilities()).toEqual({
    tools: {},
    resources: { subscribe: true },
    prompts: {},
    completions: {},
  });
});

test('tools are listed and called', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('test_simple_text');
  const { content } = await client.callTool({ name: 'test_image_content' });
  expect(content).toMatchObject([{ type: 'image', mimeType: 'image/png' }]);
  const failed = await client.callTool({ name: 'test_error_handling' });
  expect(failed.isError).toBe(true);
});

test('progress is told within the call', async () => {
  const heard: Progress[] = [];
  await client.callTool(
    { name: 'test_tool_with_progress' },
    { onprogress: (progress) => heard.push(progress) },
  );
  expect(heard.map(({ progress }) => progress)).toEqual([0, 50, 100]);
});

test.each([
  [{ action: 'accept', content: { username: 'ada', email: 'a@b.c' } } as const, 'accept'],
  [{ action: 'decline' } as const, 'decline'],
])('a question to the person comes back answered: %j', async (answer, action) => {
  person = answer;
  const { content } = await client.callTool({
    name: 'test_elicitation',
    arguments: { message: 'Who are you?' },
  });
  expect(content).toMatchObject([
    { text: expect.stringContaining(`Elicitation completed: action=${action}`) },
  ]);
});

test('resources are listed, found by a template and read', async () => {
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toContain('test://static-text');
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates).toMatchObject([{ uriTemplate: 'test://template/{id}/data' }]);
  const { contents } = await client.readResource({ uri: 'test://template/7/data' });
  expect(contents).toMatchObject([{ text: expect.stringContaining('Data for ID: 7') }]);
  await expect(client.readResource({ uri: 'test://nothing' })).rejects.toMatchObject({
    code: -32_602,
  });
});

test('prompts are listed, filled in and completed', async () => {
  const { prompts } = await client.listPrompts();
  expect(prompts).toHaveLength(4);
  const name = 'test_prompt_with_arguments';
  const { messages } = await client.getPrompt({ name, arguments: { arg1: 'one', arg2: 'two' } });
  expect(JSON.stringify(messages)).toContain("arg1='one', arg2='two'");
  await expect(client.getPrompt({ name: 'none' })).rejects.toMatchObject({ code: -32_602 });
  const { completion } = await client.complete({
    ref: { type: 'ref/prompt', name },
    argument: { name: 'arg1', value: 'par' },
  });
  expect(completion.values).toEqual(['paris', 'park', 'party']);
});

test('who listens hears of a change, and of nothing that it has not asked for', async () => {
  const heard: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    heard.push(params.uri);
  });
  const other = await client.listen({ resourceSubscriptions: ['test://static-text'] });
  const subscription = await client.listen({ resourceSubscriptions: ['test://watched-resource'] });
  expect(subscription.honoredFilter.resourceSubscriptions).toEqual(['test://watched-resource']);
  await client.callTool({ name: 'test_touch' });
  await vi.waitFor(() => expect(heard).toEqual(['test://watched-resource']));
  await subscription.close();
  await other.close();
  await client.callTool({ name: 'test_touch' });
  await client.callTool({ name: 'test_simple_text' });
  expect(heard).toEqual(['test://watched-resource']);
});

const errorSchema = z.object({
  error: z.object({ code: z.number(), data: z.unknown().optional() }),
});

/** A request as it goes over the wire, where what the headers say may differ from the body. */
async function post(headers: Readonly<Record<string, string>>, version = revision) {
  const response = await fetch(fixture.url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'test_simple_text',
        arguments: {},
        _meta: {
          'io.modelcontextprotocol/protocolVersion': version,
          'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  });
  const text = await response.text();
  return { status: response.status, text };
}

const named = {
  'MCP-Protocol-Version': revision,
  'Mcp-Method': 'tools/call',
  'Mcp-Name': 'test_simple_text',
};

test('a request whose headers say the same as its body is answered', async () => {
  const { status, text } = await post(named);
  expect(status).toBe(200);
  expect(text).toContain('This is a simple text response');
});

test.each([
  ['another tool', { ...named, 'Mcp-Name': 'test_touch' }],
  ['another method', { ...named, 'Mcp-Method': 'tools/list' }],
])('headers that name %s than the body are refused', async (_, headers) => {
  const { status, text } = await post(headers);
  expect(status).toBe(400);
  expect(errorSchema.parse(JSON.parse(text)).error.code).toBe(-32_020);
});

test('a revision that is not known is refused, with those that are', async () => {
  const { status, text } = await post(
    { ...named, 'MCP-Protocol-Version': '2031-01-01' },
    '2031-01-01',
  );
  expect(status).toBe(400);
  expect(errorSchema.parse(JSON.parse(text)).error).toMatchObject({
    code: -32_022,
    data: { supported: [revision], requested: '2031-01-01' },
  });
});

test('a body that is not JSON is refused', async () => {
  const response = await fetch(fixture.url, { method: 'POST', body: '{' });
  expect(response.status).toBe(400);
  expect(errorSchema.parse(await response.json()).error.code).toBe(-32_700);
});
