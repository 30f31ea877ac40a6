import { createHash } from 'node:crypto';
import { Script } from 'node:vm';

import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { ClientCapabilities, ReadResourceResult } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { operations } from '../../core/operations.ts';
import { connectAppClient } from '../../test/kit/mcp-app-host.ts';
import { connectInMemory } from '../../test/kit/mcp.ts';
import { openMcpWeb, serviceOf, type McpWeb } from '../../test/kit/mcp-web.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { listTools } from '../tools.ts';
import { appCapabilities, readUiResource, showsApps, uiOf, uiResources, withUi } from './apps.ts';

const web = { publicUrl: () => 'https://jilo.example/base' };
const alone = { publicUrl: () => null };
const addresses = uiResources(web).map(({ uri }) => uri);

const contentSchema = z.object({
  uri: z.string(),
  mimeType: z.string(),
  text: z.string(),
  _meta: z.object({
    ui: z.object({
      csp: z.object({
        connectDomains: z.array(z.string()),
        resourceDomains: z.array(z.string()),
      }),
      prefersBorder: z.boolean(),
    }),
  }),
});
const contentOf = (result: ReadResourceResult | null) => contentSchema.parse(result?.contents[0]);
const read = (uri: string, from: { publicUrl(): string | null } = web) => {
  const { _meta: meta, ...content } = contentOf(readUiResource(uri, from));
  return { ...content, ...meta.ui };
};

const between = (text: string, open: string, close: string): string =>
  text.slice(text.indexOf(open) + open.length, text.indexOf(close));

describe.each(addresses)('%s', (uri) => {
  const { text, mimeType } = read(uri);
  const script = between(text, '<script type="module">', '</script>');
  const style = between(text, '<style>', '</style>');
  const markup = text.replace(script, '').replace(style, '');

  test('is one small document that loads nothing', () => {
    expect(mimeType).toBe('text/html;profile=mcp-app');
    expect(Buffer.byteLength(text)).toBeLessThan(50_000);
    expect(markup).toMatch(/^<!doctype html>\n<html lang="en"/);
    expect(markup).not.toMatch(/\s(?:src|href|srcset|action|data)=/);
    expect(style).not.toMatch(/url\(|@import/);
    expect(script).not.toMatch(/\b(?:import|fetch|XMLHttpRequest|WebSocket|EventSource)\s*\(/);
    const places = text.match(/https?:\/\/[^\s"';]+/g) ?? [];
    const declared = read(uri).csp.resourceDomains;
    expect(places.filter((place) => !declared.includes(place))).toEqual([]);
  });

  test('has no handler and no style in its markup, and never reads a text as markup', () => {
    expect(markup).not.toMatch(/\s(?:on\w+|style)=/i);
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc/);
    expect(script).not.toMatch(/\beval\b|new Function|javascript:/);
  });

  test('has a script that can stand as one', () => {
    expect(() => new Script(`'use strict';\n${script}`)).not.toThrow();
    expect(script).not.toMatch(/^(?:import|export)\b/m);
  });

  test('lets in its own script and style by their sums, and pictures from declared places', () => {
    const policy = between(text, 'Content-Security-Policy" content="', '">\n<meta name="viewport"');
    const sum = (part: string) => `'sha256-${createHash('sha256').update(part).digest('base64')}'`;
    const places = read(uri).csp.resourceDomains.join(' ');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${sum(script)}`,
      `style-src ${sum(style)}`,
      `img-src ${places}`,
      `media-src ${places}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(text).toContain(`data-sources="${places}"`);
    expect(read(uri)).toMatchObject({ csp: { connectDomains: [] }, prefersBorder: true });
    expect(places.split(' ')[0]).toBe('https://jilo.example');
  });

  test('declares no place of ours where no web app runs', () => {
    const { text: bare, csp } = read(uri, alone);
    expect(csp.resourceDomains.every((place) => place !== 'https://jilo.example')).toBe(true);
    expect(bare).not.toContain('jilo.example');
    expect(bare).not.toMatch(/img-src ;|img-src"/);
  });

  test('labels every control and names every word that it says, in both languages', async () => {
    const name = between(uri, 'ui://jilo/', '.html');
    const words = await loadWords(name);
    const named = [...markup.matchAll(/data-(?:say|label)="(\w+)"/g)].map(([, word]) => word);
    expect(named.length).toBeGreaterThan(3);
    for (const table of [words.en, words.zh])
      for (const word of named) expect(table[word ?? ''], word).toMatch(/\S/);
    expect(shapeOf(words.zh)).toEqual(shapeOf(words.en));
  });
});

const tableSchema = z.record(z.string(), z.unknown());

async function loadWords(name: string) {
  const module: unknown = await import(new URL(`page/${name}-words.js`, import.meta.url).href);
  const tables = z.record(z.string(), z.unknown()).parse({ ...Object(module) });
  return z.object({ en: tableSchema, zh: tableSchema }).parse(tables[`${name}Words`]);
}

/** Its keys and what kind of thing each is, without the words themselves. */
const shapeOf = (table: unknown): unknown =>
  typeof table === 'object' && table !== null
    ? Object.fromEntries(Object.entries(table).map(([key, value]) => [key, shapeOf(value)]))
    : typeof table;

test('an address that is none of these is not answered', () => {
  for (const uri of ['ui://jilo/', 'ui://jilo/trends', 'ui://jilo/../page.css', 'jilo://ledger'])
    expect(readUiResource(uri, web)).toBeNull();
});

test('every tool that names a document is there, and so is its document', () => {
  const named = listTools(operations).flatMap(({ tool }) => uiOf(tool.name) ?? []);
  expect(named).toHaveLength(5);
  for (const { resourceUri } of named) expect(addresses).toContain(resourceUri);
  expect(new Set(named.map(({ resourceUri }) => resourceUri))).toEqual(new Set(addresses));
});

test.each<[ClientCapabilities, boolean]>([
  [{}, false],
  [{ extensions: {} }, false],
  [{ extensions: { 'io.modelcontextprotocol/ui': {} } }, false],
  [{ extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html'] } } }, false],
  [
    { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: 'text/html;profile=mcp-app' } } },
    false,
  ],
  [appCapabilities, true],
])('%j shows apps: %s', (capabilities, shows) => {
  expect(showsApps(capabilities)).toBe(shows);
});

test('both lists of tools fit into 12,000 characters', () => {
  const tools = listTools(operations).map(({ tool }) => tool);
  expect(JSON.stringify({ tools: tools.map(withUi) }).length).toBeLessThanOrEqual(12_000);
});

describe('a client', () => {
  let world: World;
  let served: McpWeb;
  beforeAll(async () => {
    world = await createWorld();
    served = await openMcpWeb(world, operations);
  });
  afterAll(async () => {
    await served.close();
    await world.close();
  });

  const service = async () => serviceOf(operations, await world.context('mcp'));

  /** A client of 2025 over HTTP, where every request may reach another process. */
  async function connectOld(capabilities: ClientCapabilities) {
    const token = await served.tokenFor(await world.context('mcp'));
    const client = new OldClient({ name: 'old', version: '1' }, { capabilities });
    const transport = new StreamableHTTPClientTransport(new URL('/mcp', served.url), {
      requestInit: { headers: { Authorization: `Bearer ${token}` } },
    });
    await client.connect(transport);
    return client;
  }

  test('that shows apps is told of them, in its list of tools and of resources', async () => {
    const connected = await connectAppClient(await service());
    const { client } = connected;
    const { tools } = await client.listTools();
    const shown = tools.filter((tool) => '_meta' in tool && tool['_meta'] !== undefined);
    expect(shown.map(({ name }) => name).toSorted()).toEqual([
      'publication_create',
      'publication_suggest',
      'trend_search',
      'video_generate',
      'video_show',
    ]);
    const { resources } = await client.listResources();
    expect(resources.filter(({ uri }) => uri.startsWith('ui://'))).toEqual(uiResources(world.app));
    const { text, uri } = contentOf(await client.readResource({ uri: addresses[0] ?? '' }));
    expect(uri).toBe(addresses[0]);
    expect(text).toContain(`img-src ${new URL(world.publicUrl).origin} `);
    await connected.close();
  });

  test('that shows none hears nothing of them', async () => {
    const mcp = await connectInMemory(await service(), { era: '2026' });
    const listed = JSON.stringify([await mcp.client.listTools(), await mcp.client.listResources()]);
    expect(listed).toContain('trend_search');
    expect(listed).not.toContain('ui://');
    await mcp.close();
  });

  test('of 2025 over HTTP is remembered for what it shows', async () => {
    const app = await connectOld(appCapabilities);
    expect(JSON.stringify(await app.listTools())).toContain('ui://jilo/trends.html');
    await app.close();
    const plain = await connectOld({});
    expect(JSON.stringify(await plain.listTools())).not.toContain('ui://');
    await plain.close();
  });
});
