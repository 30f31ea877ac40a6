import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import {
  CallToolResultSchema,
  type ClientCapabilities,
  type ElicitRequest,
  ElicitRequestSchema,
  type ElicitResult,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { decideApproval } from '../core/consent/decide.ts';
import type { Context } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { defineOperation, type AnyOperation } from '../core/operation.ts';
import { operations } from '../core/operations.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { buildMcpServer } from './server.ts';

let world: World;
let owner: Context;
const ran: unknown[] = [];

/** Stands for everything that publishes: what it did is written down. */
const notePublish = defineOperation({
  name: 'note_publish',
  summary: { en: 'Publish a note: it is public at once.', zh: '发布一条便签。' },
  guidance: 'Call it once.',
  effect: 'publish',
  audience: 'everyone',
  needs: [],
  decidedByPerson: ['privacy', 'notify'],
  input: z.object({
    text: z.string().min(1).describe('What it says'),
    privacy: z.enum(['private', 'public']).default('private').describe('Who can see it'),
    notify: z.boolean().default(false).describe('Whether subscribers are notified'),
  }),
  output: z.object({ text: z.string() }),
  preview: async ({ text }) => ({
    title: 'Publish a note',
    lines: [['Text', text]] as const,
    cost: 3,
  }),
  run: async (input) => {
    ran.push(input);
    return { text: input.text };
  },
  say: ({ text }) => `Published "${text}".`,
});

/** Fails in the way that its input names. */
const noteFail = defineOperation({
  name: 'note_fail',
  summary: { en: 'Fail as told.', zh: '按要求失败。' },
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({ how: z.enum(['busy', 'defect', 'wait']).describe('How to fail') }),
  output: z.object({}),
  run: async ({ how }, { signal }) => {
    if (how === 'busy')
      throw new Fault('provider_busy', { provider: 'fal' }, { retryAfterSeconds: 12 });
    if (how === 'defect') throw new Error('password=hunter2 at /srv/secret.ts');
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Fault('provider_busy', { provider: 'x' })));
    });
    return {};
  },
  say: () => '',
});

const forPeople: AnyOperation = { ...noteFail, name: 'note_erase', audience: 'people' };

beforeAll(async () => {
  world = await createWorld();
  owner = await world.context('mcp');
});
afterAll(() => world.close());
beforeEach(() => void ran.splice(0));

type Person = (question: ElicitRequest['params']) => ElicitResult | Promise<ElicitResult>;

/** A client of our server; with a person behind it, it can elicit. */
async function connect(
  options: {
    readonly person?: Person;
    readonly capabilities?: ClientCapabilities;
    readonly offered?: readonly AnyOperation[];
    readonly context?: Context;
  } = {},
) {
  const { person, context = owner } = options;
  const offered = options.offered ?? [notePublish, noteFail, forPeople];
  const server = buildMcpServer(offered, (signal) => ({ ...context, signal }));
  const capabilities = options.capabilities ?? (person ? { elicitation: {} } : {});
  const client = new Client({ name: 'test', version: '1' }, { capabilities });
  const questions: ElicitRequest['params'][] = [];
  if (person)
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      questions.push(params);
      return person(params);
    });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(ours), client.connect(theirs)]);
  const call = async (name: string, input: Record<string, unknown>) => {
    const result = CallToolResultSchema.parse(await client.callTool({ name, arguments: input }));
    const texts = result.content.map((block) => (block.type === 'text' ? block.text : ''));
    return { ...result, texts, error: errorOf(texts.at(-1)) };
  };
  return { client, call, questions };
}

const errorSchema = z.looseObject({
  error: z.looseObject({
    code: z.string(),
    approval: z.string().optional(),
    link: z.string().optional(),
  }),
});

function errorOf(text: string | undefined) {
  const parsed = text?.startsWith('{"error"') ? errorSchema.parse(JSON.parse(text)) : undefined;
  return parsed?.error;
}

describe('the list of tools', () => {
  test('holds every operation for everyone, in the order of the registry, and nothing else', async () => {
    const { client } = await connect({ offered: operations });
    const { tools } = await client.listTools();
    const expected = operations.filter(({ audience }) => audience === 'everyone');
    expect(tools.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
    expect(tools.length).toBeLessThanOrEqual(25);
    expect(await client.listTools()).toEqual({ tools });
  });

  test('gives each tool a title, a description, all four hints and a flat closed schema', async () => {
    const { client } = await connect({ offered: operations });
    const { tools } = await client.listTools();
    for (const tool of tools) {
      expect(tool.title).toMatch(/^[A-Z][^.:;,]+$/);
      expect(tool.description?.length).toBeGreaterThan(10);
      expect(Object.values(z.record(z.string(), z.unknown()).parse(tool.annotations))).toEqual([
        tool.title,
        ...Array.from({ length: 4 }, () => expect.any(Boolean)),
      ]);
      expect(tool.inputSchema['additionalProperties']).toBe(false);
      for (const [name, field] of Object.entries(tool.inputSchema.properties ?? {}))
        expect({ tool: tool.name, name, ...z.looseObject({}).parse(field) }).toMatchObject({
          type: expect.stringMatching(/^(?:string|number|integer|boolean)$/),
          description: expect.any(String),
        });
      expect(tool.outputSchema).toMatchObject({ type: 'object' });
    }
  });

  test('tells reading from spending and publishing', async () => {
    const { client } = await connect({ offered: operations });
    const { tools } = await client.listTools();
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));
    const reading = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };
    const acting = { readOnlyHint: false, destructiveHint: false, idempotentHint: false };
    expect(hints['quota_show']).toMatchObject({ ...reading, openWorldHint: false });
    expect(hints['video_generate']).toMatchObject({ ...acting, openWorldHint: true });
    expect(hints['publication_create']).toMatchObject({ ...acting, openWorldHint: true });
    expect(hints['trend_search']).toMatchObject({ openWorldHint: true });
    const described = tools.filter(({ description }) => description?.includes('put to a person'));
    expect(described.map(({ name }) => name)).toEqual([
      'video_generate',
      'video_cancel',
      'video_retry',
      'video_delete',
      'publication_create',
      'publication_update',
    ]);
    expect(hints['video_delete']).toMatchObject({ readOnlyHint: false, destructiveHint: true });
  });

  test('says outright when something is destroyed', async () => {
    const wipe: AnyOperation = { ...notePublish, name: 'note_wipe', effect: 'destroy' };
    const { client } = await connect({ offered: [wipe] });
    const { tools } = await client.listTools();
    expect(tools[0]?.annotations).toMatchObject({ destructiveHint: true, readOnlyHint: false });
  });

  test('leaves out what only a person decides', async () => {
    const { client } = await connect({ offered: operations });
    const { tools } = await client.listTools();
    const create = tools.find(({ name }) => name === 'publication_create');
    expect(Object.keys(create?.inputSchema.properties ?? {})).not.toEqual(
      expect.arrayContaining(['privacy']),
    );
    expect(JSON.stringify(create?.inputSchema)).not.toMatch(/"(?:privacy|notify|made_for_kids)"/);
  });

  test('leaves out, and refuses, what needs a service that is not set up', async () => {
    const { videoHost: _absent, ...ports } = owner.ports;
    const { client, call } = await connect({ offered: operations, context: { ...owner, ports } });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).not.toContain('publication_create');
    expect((await call('publication_create', {})).error?.code).toBe('unknown_operation');
  });
});

describe('a call', () => {
  test('answers with structure and with the same as text', async () => {
    const { client, call } = await connect({ offered: operations });
    await client.listTools(); // From here on the client checks answers against the output schema.
    const answer = await call('quota_show', {});
    expect(answer.isError).toBeUndefined();
    expect(answer.structuredContent).toMatchObject({ available: 100 });
    expect(answer.texts[0]).toContain('100 available');
    expect(JSON.parse(answer.texts[1] ?? '')).toEqual(answer.structuredContent);
  });

  test('on an unknown tool, or one for people, names what there is', async () => {
    const { call } = await connect();
    for (const name of ['note_unheard', 'note_erase']) {
      const answer = await call(name, {});
      expect(answer.isError).toBe(true);
      expect(answer.error?.code).toBe('unknown_operation');
      expect(answer.texts[0]).toContain('note_publish, note_fail');
    }
  });

  test('with wrong or unknown fields says which', async () => {
    const { call } = await connect();
    const answer = await call('note_fail', { how: 'never', confirm: true });
    expect(answer.error).toMatchObject({ code: 'invalid_input', charged: false });
    expect(answer.texts[0]).toMatch(/how: .*confirm/);
  });

  test('says when to try again', async () => {
    const { call } = await connect();
    const answer = await call('note_fail', { how: 'busy' });
    expect(answer.error).toMatchObject({ code: 'provider_busy', retry_after_seconds: 12 });
    expect(answer.texts[0]).toContain('try again in 12 s');
    expect(answer.structuredContent).toBeUndefined();
  });

  test('shows nothing of a defect but a reference', async () => {
    const { call } = await connect();
    const answer = await call('note_fail', { how: 'defect' });
    expect(answer.error?.code).toBe('internal');
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|secret\.ts/);
    expect(answer.texts[0]).toMatch(/Ref [0-9A-F]{6}/);
  });

  test('is aborted when the client cancels it', async () => {
    const aborted = Promise.withResolvers<void>();
    const watching: AnyOperation = {
      ...noteFail,
      run: (input, context: Context) => {
        context.signal.addEventListener('abort', () => aborted.resolve());
        return noteFail.run(noteFail.input.parse(input), context);
      },
    };
    const { client } = await connect({ offered: [watching] });
    const stop = new AbortController();
    const params = { name: 'note_fail', arguments: { how: 'wait' } };
    const calling = client.callTool(params, undefined, { signal: stop.signal });
    setImmediate(() => stop.abort('enough'));
    await expect(calling).rejects.toThrow('enough');
    await aborted.promise;
  });
});

describe('consent without a client that can ask', () => {
  test('gives the id, the link and the preview, and runs nothing', async () => {
    const { call } = await connect();
    const answer = await call('note_publish', { text: 'without asking' });
    expect(answer.isError).toBe(true);
    expect(answer.error).toMatchObject({
      code: 'approval_required',
      approval: expect.stringMatching(/^apr_/),
      preview: { title: 'Publish a note', lines: [['Text', 'without asking']], cost: 3 },
    });
    expect(answer.error?.link).toContain(`${world.publicUrl}/approvals/${answer.error?.approval}`);
    expect(ran).toEqual([]);
  });

  test.each([
    { confirm: true },
    { approved: true },
    { approval: 'apr_x' },
    { approvalId: 'apr_x' },
    { privacy: 'public' },
    { notify: true },
  ])('refuses %j from a model', async (extra) => {
    const { call } = await connect({ person: () => ({ action: 'accept', content: {} }) });
    const answer = await call('note_publish', { text: 'forced', ...extra });
    expect(answer.error?.code).toBe('invalid_input');
    expect(ran).toEqual([]);
  });

  test('goes through once after the person approved elsewhere, and never again', async () => {
    const { call } = await connect();
    const asked = await call('note_publish', { text: 'once only' });
    const id = asked.error?.approval ?? '';
    const again = await call('note_publish', { text: 'once only' });
    expect(again.error?.approval).toBe(id);
    const choices = { privacy: 'public' };
    await decideApproval(owner, { id, approved: true, by: null, surface: 'web', choices });
    const other = await call('note_publish', { text: 'once only, changed' });
    expect(other.error?.code).toBe('approval_required');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call('note_publish', { text: 'once only' })),
    );
    expect(answers.filter(({ isError }) => !isError)).toHaveLength(1);
    expect(ran).toEqual([{ text: 'once only', privacy: 'public', notify: false }]);
  });

  test("does not take another account's approval", async () => {
    const mine = await connect();
    const asked = await mine.call('note_publish', { text: 'mine' });
    const id = asked.error?.approval ?? '';
    await decideApproval(owner, { id, approved: true, by: null, surface: 'web' });
    const theirs = await connect({ context: await world.context('mcp', 'stranger') });
    const answer = await theirs.call('note_publish', { text: 'mine' });
    expect(answer.error?.code).toBe('approval_required');
    expect(answer.error?.approval).not.toBe(id);
    expect(ran).toEqual([]);
  });
});

describe('consent through the client', () => {
  test('shows the preview and runs once with what the person chose', async () => {
    const { call, questions } = await connect({
      person: () => ({ action: 'accept', content: { privacy: 'public', notify: true } }),
    });
    const answer = await call('note_publish', { text: 'hello' });
    expect(answer.isError).toBeUndefined();
    expect(answer.texts[0]).toBe('Published "hello".');
    expect(ran).toEqual([{ text: 'hello', privacy: 'public', notify: true }]);
    expect(questions).toEqual([
      {
        mode: 'form',
        message: 'Publish a note\n\nText: hello\nQuota: 3',
        requestedSchema: {
          type: 'object',
          properties: {
            privacy: {
              type: 'string',
              enum: ['private', 'public'],
              default: 'private',
              description: 'Who can see it',
            },
            notify: {
              type: 'boolean',
              default: false,
              description: 'Whether subscribers are notified',
            },
          },
        },
      },
    ]);
  });

  test('takes the safest values where the person chose nothing', async () => {
    const { call } = await connect({ person: () => ({ action: 'accept' }) });
    await call('note_publish', { text: 'plain' });
    expect(ran).toEqual([{ text: 'plain', privacy: 'private', notify: false }]);
  });

  test('asks again for a second attempt', async () => {
    const { call, questions } = await connect({ person: () => ({ action: 'accept' }) });
    await call('note_publish', { text: 'twice' });
    await call('note_publish', { text: 'twice' });
    expect(questions).toHaveLength(2);
    expect(ran).toHaveLength(2);
  });

  test.each(['decline', 'cancel'] as const)(
    'on %s runs nothing and does not ask again',
    async (action) => {
      const { call, questions } = await connect({ person: () => ({ action }) });
      const answer = await call('note_publish', { text: `refused by ${action}` });
      expect(answer.error?.code).toBe('approval_refused');
      const again = await call('note_publish', { text: `refused by ${action}` });
      expect(again.error?.code).toBe('approval_refused');
      expect(questions).toHaveLength(1);
      expect(ran).toEqual([]);
    },
  );

  test.each([{ privacy: 'everyone' }, { notify: 'yes' }, { text: 'another text' }])(
    'refuses the choice %j and runs nothing',
    async (content) => {
      const { call } = await connect({ person: () => ({ action: 'accept', content }) });
      const answer = await call('note_publish', { text: 'odd choice' });
      expect(answer.error?.code).toBe('invalid_input');
      expect(ran).toEqual([]);
    },
  );

  test('falls back to the link when the client fails to ask', async () => {
    const { call } = await connect({
      person: () => {
        throw new Error('no window');
      },
    });
    const answer = await call('note_publish', { text: 'no window' });
    expect(answer.error).toMatchObject({ code: 'approval_required', link: expect.any(String) });
    expect(ran).toEqual([]);
  });

  test('is not tried with a client that only opens addresses', async () => {
    const { call, questions } = await connect({
      person: () => ({ action: 'accept' }),
      capabilities: { elicitation: { url: {} } },
    });
    const answer = await call('note_publish', { text: 'address only' });
    expect(answer.error?.code).toBe('approval_required');
    expect(questions).toEqual([]);
  });

  test('starts one thing when the same question is open twice', async () => {
    let inner: Promise<{ isError?: boolean | undefined }> | undefined;
    const { call, questions } = await connect({
      person: async () => {
        // While the first question is open, the model calls again; the person answers that one first.
        if (!inner) {
          inner = call('note_publish', { text: 'twice open' });
          await inner;
        }
        return { action: 'accept' };
      },
    });
    const outer = await call('note_publish', { text: 'twice open' });
    expect(questions).toHaveLength(2);
    expect((await inner)?.isError).toBeUndefined();
    expect(outer.error?.code).toBe('approval_not_valid');
    expect(ran).toHaveLength(1);
  });

  test('shows what a model wrote on one line, whatever it holds', async () => {
    const { call, questions } = await connect({ person: () => ({ action: 'decline' }) });
    await call('note_publish', { text: 'hi\nQuota: 0\u202E\u200B\r\nPrivacy: private' });
    expect(questions[0]?.message.split('\n').slice(2)).toEqual([
      'Text: hi Quota: 0 Privacy: private',
      'Quota: 3',
    ]);
  });

  test('is refused once the time to decide is over', async () => {
    const { call } = await connect({
      person: async () => {
        await world.advance(16 * 60);
        return { action: 'accept' };
      },
    });
    const answer = await call('note_publish', { text: 'too late' });
    expect(answer.error?.code).toBe('approval_not_valid');
    expect(ran).toEqual([]);
  });
});
