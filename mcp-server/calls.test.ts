import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Context } from '../core/context.ts';
import { operations } from '../core/operations.ts';
import { connectInMemory, type McpClient } from '../test/kit/mcp.ts';
import { openNotes, type Notes } from '../test/kit/mcp-notes.ts';
import { connect, everywhere, openMcpWeb, serviceOf, type McpWeb } from '../test/kit/mcp-web.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let owner: Context;
let web: McpWeb;
const notes: Notes = openNotes();
const both = [...operations, ...notes.operations];

beforeAll(async () => {
  world = await createWorld();
  owner = await world.context('mcp');
  web = await openMcpWeb(world, both);
});
afterAll(async () => {
  await web.close();
  await world.close();
});
beforeEach(() => void notes.ran.splice(0));

describe.each(everywhere)('a call over $transport of $era', (how) => {
  let mcp: McpClient;
  beforeAll(async () => {
    mcp = await connect({ web, operations: both }, owner, how);
    await mcp.client.listTools(); // From here on the client checks answers against the output schema.
  });
  afterAll(() => mcp.close());

  test('answers with structure and with the same as text', async () => {
    const answer = await mcp.call('quota_show', {});
    expect(answer.isError).toBeUndefined();
    expect(answer.structuredContent).toMatchObject({ available: 100 });
    expect(answer.texts[0]).toContain('100 available');
    expect(JSON.parse(answer.texts[1] ?? '')).toEqual(answer.structuredContent);
  });

  test('on an unknown tool, or one that is not for programs, names what there is', async () => {
    for (const name of ['note_unheard', 'note_own', 'note_chat']) {
      const answer = await mcp.call(name, {});
      expect(answer.isError).toBe(true);
      expect(answer.error).toMatchObject({ code: 'unknown_operation', next: expect.any(String) });
      expect(answer.texts[0]).toContain('note_publish, note_fail');
      expect(answer.texts[0]).toContain('search, fetch');
      expect(answer.texts[0]).not.toMatch(/note_own,|note_chat,/);
    }
  });

  test('with wrong or unknown fields says which', async () => {
    const answer = await mcp.call('note_fail', { how: 'never', confirm: true });
    expect(answer.isError).toBe(true);
    expect(answer.error).toMatchObject({
      code: 'invalid_input',
      charged: false,
      next: expect.any(String),
    });
    expect(answer.texts[0]).toMatch(/how: .*confirm/);
    const lookup = await mcp.call('fetch', { uri: 'jilo://videos/vid_a' });
    expect(lookup.error?.code).toBe('invalid_input');
    expect(lookup.texts[0]).toMatch(/id: .*uri/);
  });

  test('says when to try again', async () => {
    const answer = await mcp.call('note_fail', { how: 'busy' });
    expect(answer.error).toMatchObject({ code: 'provider_busy', retry_after_seconds: 12 });
    expect(answer.texts[0]).toContain('try again in 12 s');
    expect(answer.structuredContent).toBeUndefined();
  });

  test('shows nothing of a defect but a reference', async () => {
    const answer = await mcp.call('note_fail', { how: 'defect' });
    expect(answer.error?.code).toBe('internal');
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|secret\.ts/);
    const reference = /Ref ([0-9A-F]{6})/.exec(answer.texts[0] ?? '')?.[1] ?? 'none';
    expect(world.logs.find((line) => line.includes(reference))).toContain('password=[redacted]');
  });

  test('tells how far it is, and never further back, to a client that asked', async () => {
    const seen: unknown[] = [];
    const answer = await mcp.call(
      'note_wait',
      { steps: 5 },
      { onprogress: (progress) => void seen.push(progress) },
    );
    expect(answer.structuredContent).toEqual({ steps: 5 });
    expect(seen).toEqual(
      [1, 3, 4].map((progress) => ({ progress, total: 5, message: `step ${progress}` })),
    );
  });

  test('tells nothing of it to one that did not', async () => {
    const seen: unknown[] = [];
    const { transport } = mcp.client;
    const was: unknown = transport?.onmessage;
    if (!transport || typeof was !== 'function') throw new Error('not connected');
    Object.assign(transport, {
      onmessage: (...heard: unknown[]) => {
        seen.push(heard[0]);
        Reflect.apply(was, transport, heard);
      },
    });
    await mcp.call('note_wait', { steps: 5 });
    Object.assign(transport, { onmessage: was });
    expect(seen).toHaveLength(1);
    expect(JSON.stringify(seen)).not.toContain('notifications/progress');
  });

  test('is aborted when the client cancels it', async () => {
    notes.waits.started = Promise.withResolvers();
    notes.waits.aborted = Promise.withResolvers();
    const stop = new AbortController();
    const calling = mcp.call('note_wait', {}, { signal: stop.signal });
    const failed = calling.catch(String);
    await notes.waits.started.promise;
    stop.abort(new Error('enough'));
    expect(await failed).toContain('enough');
    await notes.waits.aborted.promise;
  });
});

test('what needs a service that is not set up is neither offered nor carried out', async () => {
  const without = operations.filter(({ needs }) => !needs.includes('videoHost'));
  const mcp = await connectInMemory(serviceOf(without, owner), { era: '2026' });
  const { tools } = await mcp.client.listTools();
  expect(tools.map(({ name }) => name)).not.toContain('publication_create');
  expect((await mcp.call('publication_create', {})).error?.code).toBe('unknown_operation');
  await mcp.close();
});
