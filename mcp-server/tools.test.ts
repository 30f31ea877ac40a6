import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { openApp } from '../core/app.ts';
import { loadSurroundings, parseConfig } from '../core/config.ts';
import type { Context } from '../core/context.ts';
import { offered, type AnyOperation } from '../core/operation.ts';
import { operations } from '../core/operations.ts';
import { presentPorts } from '../core/present-ports.ts';
import { connectInMemory } from '../test/kit/mcp.ts';
import { openNotes } from '../test/kit/mcp-notes.ts';
import { connect, everywhere, openMcpWeb, serviceOf, type McpWeb } from '../test/kit/mcp-web.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { offeredTools, readToolList } from './tool-list.ts';
import { listTools, toTool } from './tools.ts';

/** What models can fill in without nesting: one plain value. */
const fieldSchema = z.union([
  z.looseObject({ type: z.enum(['string', 'number', 'integer', 'boolean']) }),
  z.looseObject({ enum: z.array(z.union([z.string(), z.number()])) }),
]);

let world: World;
let owner: Context;
let web: McpWeb;
const notes = openNotes();

beforeAll(async () => {
  world = await createWorld();
  owner = await world.context('mcp');
  web = await openMcpWeb(world, operations);
});
afterAll(async () => {
  await web.close();
  await world.close();
});

async function toolsOf(some: readonly AnyOperation[] = operations) {
  const mcp = await connectInMemory(serviceOf(some, owner), { era: '2026' });
  const { tools } = await mcp.client.listTools();
  await mcp.close();
  return tools;
}

describe('the list of tools', () => {
  test.each(everywhere)(
    'over $transport of $era holds every operation for everyone in the order of the registry, search and fetch, and nothing else',
    async (how) => {
      const mcp = await connect({ web, operations }, owner, how);
      const list = await mcp.client.listTools();
      const expected = operations.filter(({ audience }) => audience === 'everyone');
      expect(list.tools.map(({ name }) => name)).toEqual([
        ...expected.map(({ name }) => name),
        'search',
        'fetch',
      ]);
      expect((await mcp.client.listTools()).tools).toEqual(list.tools);
      expect(mcp.client.getInstructions()).toContain('wait for a person');
      await mcp.close();
    },
  );

  test('is read by a model with every question, so it is short', async () => {
    const tools = await toolsOf();
    expect(JSON.stringify({ tools }).length).toBeLessThanOrEqual(12_000);
    expect(tools.length).toBeLessThanOrEqual(25);
  });

  test('gives each tool a name, a title, a description, all four hints and a flat schema', async () => {
    for (const tool of await toolsOf()) {
      expect(tool.name).toMatch(/^[a-z]+(?:_[a-z]+)?$/);
      expect(tool.title).toMatch(/^[A-Z][^.:;,]+$/);
      expect(tool.description?.length).toBeGreaterThan(10);
      expect(tool.annotations).toEqual({
        readOnlyHint: expect.any(Boolean),
        destructiveHint: expect.any(Boolean),
        idempotentHint: expect.any(Boolean),
        openWorldHint: expect.any(Boolean),
      });
      expect(tool.outputSchema).toEqual({ type: 'object' });
      for (const [name, field] of Object.entries(tool.inputSchema.properties ?? {}))
        expect(fieldSchema.safeParse(field).success, `${tool.name}.${name}`).toBe(true);
    }
  });

  test('tells reading from spending and publishing', async () => {
    const tools = await toolsOf();
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));
    const reading = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };
    const acting = { readOnlyHint: false, destructiveHint: false, idempotentHint: false };
    expect(hints['quota_show']).toMatchObject({ ...reading, openWorldHint: false });
    expect(hints['search']).toMatchObject({ ...reading, openWorldHint: false });
    expect(hints['fetch']).toMatchObject({ ...reading, openWorldHint: false });
    expect(hints['video_generate']).toMatchObject({ ...acting, openWorldHint: true });
    expect(hints['publication_create']).toMatchObject({ ...acting, openWorldHint: true });
    expect(hints['trend_search']).toMatchObject({ openWorldHint: true });
    expect(hints['video_delete']).toMatchObject({ readOnlyHint: false, destructiveHint: true });
  });

  test('says outright when something is destroyed, and nowhere that a person is asked', async () => {
    const { tool } = listTools(notes.operations).find(({ effect }) => effect === 'destroy') ?? {};
    expect(tool?.annotations).toMatchObject({ destructiveHint: true, readOnlyHint: false });
    expect(JSON.stringify(await toolsOf())).not.toContain('put to a person');
  });

  test('leaves out what only a person decides', async () => {
    const create = (await toolsOf()).find(({ name }) => name === 'publication_create');
    expect(Object.keys(create?.inputSchema.properties ?? {})).toContain('video');
    expect(JSON.stringify(create?.inputSchema)).not.toMatch(/"(?:privacy|notify|made_for_kids)"/);
  });

  test('says of every field without a default that it is required', () => {
    expect(toTool(notes.publish).inputSchema).toEqual({
      type: 'object',
      properties: { text: { type: 'string', description: 'What it says' } },
      required: ['text'],
    });
  });
});

describe('the list that is there before anything is opened', () => {
  test('is what the operations say', () => {
    expect(readToolList()).toEqual(JSON.parse(JSON.stringify(listTools(operations))));
  });

  const keys = {
    fal: { FAL_KEY: 'a:b' },
    runway: { RUNWAYML_API_SECRET: 'key_a' },
    apify: { APIFY_TOKEN: 'apify_a' },
    gemini: { GOOGLE_GENERATIVE_AI_API_KEY: 'AIza' },
    google: { GOOGLE_CLIENT_ID: 'a', GOOGLE_CLIENT_SECRET: 'b' },
    'half of google': { GOOGLE_CLIENT_ID: 'a' },
    stripe: { STRIPE_SECRET_KEY: 'sk_a', STRIPE_WEBHOOK_SECRET: 'whsec_a' },
    'half of stripe': { STRIPE_SECRET_KEY: 'sk_a' },
  };
  const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://jilo.example' };
  test.each([
    { name: 'nothing', some: [] },
    ...Object.entries(keys).map(([name, key]) => ({ name, some: [key] })),
    { name: 'all keys', some: Object.values(keys) },
  ])('offers in production with $name what the opened product offers', async ({ some }) => {
    const config = parseConfig({
      ...Object.assign({}, ...some),
      ...production,
      JILO_DATA_DIR: world.dataDir,
      DATABASE_URL: world.databaseUrl,
      JILO_SECRET: 'n'.repeat(40),
    });
    const app = await openApp({
      config,
      path: loadSurroundings().path,
      write: () => undefined,
      worker: false,
      publicUrl: () => null,
    });
    const opened = listTools(offered(operations, app.ports));
    await app.close();
    const names = offeredTools(readToolList(), presentPorts(config)).map(({ tool }) => tool.name);
    expect(names).toEqual(opened.map(({ tool }) => tool.name));
    expect([...presentPorts(config)].toSorted()).toEqual(
      Object.entries(app.ports)
        .flatMap(([name, port]) => (port ? [name] : []))
        .toSorted(),
    );
  });

  test('offers everything where what has no key is emulated', () => {
    const config = parseConfig({ NODE_ENV: 'development', JILO_DATA_DIR: world.dataDir });
    const names = offeredTools(readToolList(), presentPorts(config)).map(({ tool }) => tool.name);
    expect(names).toEqual(
      listTools(offered(operations, world.app.ports)).map(({ tool }) => tool.name),
    );
    expect(names).toContain('publication_create');
  });
});
