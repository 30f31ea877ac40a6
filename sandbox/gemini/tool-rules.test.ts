import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createManualClock } from '../clock.ts';
import { startGemini, type GeminiEmulator } from './gemini.ts';

const clock = createManualClock(new Date('2026-11-22T12:00:00Z'));
let gemini: GeminiEmulator;

beforeAll(async () => {
  gemini = await startGemini({ clock, key: 'key', latencyMs: 0 });
});
afterAll(() => gemini.close());

const errorSchema = z.looseObject({ error: z.looseObject({ message: z.string() }).optional() });

async function send(body: object): Promise<{ status: number; message: string }> {
  const response = await fetch(
    `${gemini.url}/v1beta/models/gemini-3.8-flash:generateContent?key=key`,
    {
      method: 'POST',
      body: JSON.stringify(body),
    },
  );
  const { error } = errorSchema.parse(await response.json());
  return { status: response.status, message: error?.message ?? '' };
}

const user = (text = 'hello') => ({ role: 'user', parts: [{ text }] });
const call = (name: string, id: string) => ({
  functionCall: { name, args: {}, id },
  thoughtSignature: 'c2ln',
});
const calls = (...names: string[]) => ({
  role: 'model',
  parts: names.map((name, index) => call(name, `${index}`)),
});
const results = (...names: string[]) => ({
  role: 'user',
  parts: names.map((name, index) => ({
    functionResponse: { name, id: `${index}`, response: { ok: true } },
  })),
});
const tool = (name: string, more: object = {}) => ({ name, description: name, ...more });
const tools = (...functionDeclarations: object[]) => [{ functionDeclarations }];
const both = tools(tool('a'), tool('b'));

const equalNumber =
  'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';

describe('turns', () => {
  it.each([
    ['one call', [user(), calls('a'), results('a')]],
    ['two calls', [user(), calls('a', 'b'), results('b', 'a')]],
    ['two rounds', [user(), calls('a'), results('a'), calls('b'), results('b')]],
    ['talk after results', [user(), calls('a'), results('a'), user()]],
  ])('takes %s', async (_name, contents) => {
    expect(await send({ contents, tools: both })).toMatchObject({ status: 200 });
  });

  it.each([
    ['too few results', [user(), calls('a', 'b'), results('a')], equalNumber],
    ['too many results', [user(), calls('a'), results('a', 'b')], equalNumber],
    ['no result', [user(), calls('a')], equalNumber],
    ['talk instead of a result', [user(), calls('a'), user()], equalNumber],
    ['another name', [user(), calls('a'), results('b')], 'names of the function response parts'],
    ['results without calls', [user(), results('a')], 'immediately after a function call turn'],
    [
      'calls of the user',
      [{ ...calls('a'), role: 'user' }, results('a')],
      'immediately after a user turn',
    ],
    ['calls first', [calls('a'), results('a')], 'immediately after a user turn'],
    [
      'calls after the model',
      [user(), { role: 'model', parts: [{ text: 'x' }] }, calls('a'), results('a')],
      'immediately after a user turn',
    ],
  ])('refuses %s', async (_name, contents, message) => {
    const answer = await send({ contents, tools: both });
    expect(answer.status).toBe(400);
    expect(answer.message).toContain(message);
  });

  it('wants the signature of the current turn only', async () => {
    const bare = { role: 'model', parts: [{ functionCall: { name: 'a', args: {} } }] };
    expect((await send({ contents: [user(), bare, results('a')], tools: both })).message).toContain(
      'thought_signature',
    );
    expect(
      (await send({ contents: [user(), bare, results('a'), user()], tools: both })).status,
    ).toBe(200);
  });

  it.each([
    [
      { functionCall: { name: 'a', arguments: {} } },
      'Unknown name "arguments" at \'contents.1.parts.0.functionCall\'',
    ],
    [{ text: 'x', functionCall: { name: 'a' } }, 'one kind of data'],
    [{ functionCall: { name: 'a', args: 'x' } }, 'Invalid value'],
  ])('refuses the part %j', async (part, message) => {
    const answer = await send({
      contents: [user(), { role: 'model', parts: [part] }, results('a')],
      tools: both,
    });
    expect(answer.status).toBe(400);
    expect(answer.message).toContain(message);
  });
});

describe('declarations', () => {
  const object = { type: 'object', properties: { x: { type: 'string' } } };

  it.each([
    ['a name of 64', tools(tool(`a${'b'.repeat(63)}`))],
    ['dots and dashes', tools(tool('_a.b-c9'))],
    ['a JSON schema', tools(tool('a', { parametersJsonSchema: object }))],
    ['an OpenAPI schema', tools(tool('a', { parameters: { type: 'OBJECT', properties: {} } }))],
  ])('takes %s', async (_name, declared) => {
    expect((await send({ contents: [user()], tools: declared })).status).toBe(200);
  });

  it.each([
    ['a name of 65', tools(tool(`a${'b'.repeat(64)}`)), 'Invalid function name'],
    ['a name that starts with a digit', tools(tool('1a')), 'Invalid function name'],
    ['a space', tools(tool('a b')), 'Invalid function name'],
    ['the same name twice', tools(tool('a'), tool('a')), 'Duplicate function declaration'],
    [
      'both schemas',
      tools(tool('a', { parameters: object, parametersJsonSchema: object })),
      'mutually exclusive',
    ],
    [
      'a schema that is no object',
      tools(tool('a', { parametersJsonSchema: { type: 'string' } })),
      'type OBJECT',
    ],
    [
      'an unknown type',
      tools(tool('a', { parametersJsonSchema: { type: 'thing' } })),
      'unknown schema type',
    ],
    [
      'a required property that is not there',
      tools(tool('a', { parametersJsonSchema: { ...object, required: ['y'] } })),
      'property y',
    ],
    ['an unknown field', tools(tool('a', { strict: true })), 'Unknown name "strict"'],
    ['an unknown tool', [{ functions: [] }], 'Unknown name "functions"'],
  ])('refuses %s', async (_name, declared, message) => {
    const answer = await send({ contents: [user()], tools: declared });
    expect(answer.status).toBe(400);
    expect(answer.message).toContain(message);
  });

  const mode = (functionCallingConfig: object) => ({
    contents: [user()],
    tools: both,
    toolConfig: { functionCallingConfig },
  });

  it.each([
    [{ mode: 'AUTO', allowedFunctionNames: ['a'] }, 'only when function calling mode is ANY'],
    [{ mode: 'ANY', allowedFunctionNames: ['c'] }, 'not a declared function'],
    [{ mode: 'SOMETIMES' }, 'Invalid value'],
  ])('refuses the mode %j', async (config, message) => {
    const answer = await send(mode(config));
    expect(answer.status).toBe(400);
    expect(answer.message).toContain(message);
  });

  it('calls only what is allowed', async () => {
    expect((await send(mode({ mode: 'ANY', allowedFunctionNames: ['b'] }))).status).toBe(200);
    expect(gemini.requests.at(-1)?.calls.map(({ name }) => name)).toEqual(['b']);
  });
});
